"""Enrolling in four steps, and a participant's own enrolments."""

from flask import Blueprint

blueprint = Blueprint("enrolment", __name__)
