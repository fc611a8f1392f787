"""Certificates: the holder's own, the public check, and its proof."""

from portal.blueprints.certificates import checking, proving, routes

blueprints = (routes.blueprint, checking.blueprint, proving.blueprint)
