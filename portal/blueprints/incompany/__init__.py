"""Asking for an in-company training, and a client's own pages."""

from portal.blueprints.incompany import routes

blueprints = (routes.blueprint,)
