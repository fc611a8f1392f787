"""The public catalogue: courses, editions, the agenda."""

from flask import Blueprint

blueprint = Blueprint("catalogue", __name__)
