"""Asking for an in-company training, and a client's own pages."""

from flask import Blueprint

blueprint = Blueprint("incompany", __name__)
