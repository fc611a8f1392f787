"""Only in the demo: the mail that was not sent."""

from portal.blueprints.demo import routes

blueprints = (routes.blueprint,)
