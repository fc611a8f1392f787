"""Signing in and out, one's own account."""

from portal.blueprints.accounts import routes

blueprints = (routes.blueprint,)
