"""Certificates: the holder's own, and the public check."""

from portal.blueprints.certificates import routes

blueprints = (routes.blueprint,)
