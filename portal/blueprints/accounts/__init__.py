"""Signing in and out, one's own account, and the people whom the office looks up."""

from portal.blueprints.accounts import own_account, people, routes

blueprints = (routes.blueprint, own_account.blueprint, people.blueprint)
