"""The public catalogue: courses, editions, the agenda."""

from portal.blueprints.catalogue import routes

blueprints = (routes.blueprint,)
