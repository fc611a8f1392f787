"""A participant's points."""

from flask import Blueprint

blueprint = Blueprint("accreditation", __name__)
