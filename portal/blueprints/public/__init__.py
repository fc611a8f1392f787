"""Home and the information pages that anybody may read."""

from portal.blueprints.public import routes

blueprints = (routes.blueprint,)
