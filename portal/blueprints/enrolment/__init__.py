"""Enrolling in three steps, the waiting list, the general terms, and a participant's own pages."""

from portal.blueprints.enrolment import own, own_details, routes, terms, waiting_list

blueprints = (routes.blueprint, waiting_list.blueprint, terms.blueprint, own.blueprint, own_details.blueprint)
