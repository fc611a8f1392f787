"""The office hands points over to the registers."""

from portal.blueprints.handover import routes, rows, sending

blueprints = (routes.blueprint, rows.blueprint, sending.blueprint)
