"""The auditor's room: reading, and only reading."""

from flask import Blueprint

blueprint = Blueprint("auditing", __name__)
