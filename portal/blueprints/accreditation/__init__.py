"""A participant's points."""

from portal.blueprints.accreditation import routes

blueprints = (routes.blueprint,)
