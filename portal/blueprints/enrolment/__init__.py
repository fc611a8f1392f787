"""Enrolling in three steps, groups, the waiting list, the general terms, and a participant's own pages."""

from portal.blueprints.enrolment import (
    groups,
    own,
    own_changes,
    own_details,
    own_groups,
    own_places,
    routes,
    stand_ins,
    terms,
    waiting_list,
)

blueprints = (
    routes.blueprint,
    waiting_list.blueprint,
    terms.blueprint,
    own.blueprint,
    own_changes.blueprint,
    stand_ins.blueprint,
    own_details.blueprint,
    own_groups.blueprint,
    own_places.blueprint,
    *groups.blueprints,
)
