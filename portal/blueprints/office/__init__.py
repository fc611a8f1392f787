"""The staff's desk."""

from portal.blueprints.office import certificates, routes

blueprints = (routes.blueprint, certificates.blueprint)
