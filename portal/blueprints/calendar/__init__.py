"""Calendars to subscribe to."""

from portal.blueprints.calendar import routes

blueprints = (routes.blueprint,)
