"""For machines: health, readiness, metrics."""

from portal.blueprints.operations import routes

blueprints = (routes.blueprint,)
