"""A coordinator's pathway and a regional manager's region."""

from flask import Blueprint

blueprint = Blueprint("coordinators", __name__)
