"""A trainer's day and the attendance of a meeting."""

from flask import Blueprint

blueprint = Blueprint("attendance", __name__)
