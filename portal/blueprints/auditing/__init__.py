"""The auditor's room: reading, and only reading; and what proves the log to anybody."""

from portal.blueprints.auditing import evidence, routes

blueprints = (routes.blueprint, evidence.blueprint)
