"""Certificates: the holder's own, and the public check."""

from flask import Blueprint

blueprint = Blueprint("certificates", __name__)
