"""Only in the demo: the mail that was not sent."""

from flask import Blueprint

blueprint = Blueprint("demo", __name__)
