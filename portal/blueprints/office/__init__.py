"""The staff's desk."""

from portal.blueprints.office import routes

blueprints = (routes.blueprint,)
