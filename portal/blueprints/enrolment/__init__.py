"""Enrolling in four steps, and a participant's own enrolments."""

from portal.blueprints.enrolment import routes

blueprints = (routes.blueprint,)
