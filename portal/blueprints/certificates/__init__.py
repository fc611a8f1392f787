"""Certificates: the holder's own, and the public check."""

from portal.blueprints.certificates import checking, routes

blueprints = (routes.blueprint, checking.blueprint)
