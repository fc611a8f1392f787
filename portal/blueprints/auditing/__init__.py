"""The auditor's room: reading, and only reading."""

from portal.blueprints.auditing import routes

blueprints = (routes.blueprint,)
