"""A coordinator's pathway and a regional manager's region."""

from portal.blueprints.coordinators import routes

blueprints = (routes.blueprint,)
