"""For machines: health, readiness, metrics."""

from flask import Blueprint

blueprint = Blueprint("operations", __name__)
