"""The staff's desk: what waits today, what is on offer, what is planned, who asks for it.

Each module has the pages of one noun and its own blueprint."""

from portal.blueprints.office import (
    accreditations,
    certificates,
    changes,
    coordinators,
    courses,
    edition_life,
    editions,
    enrolments,
    meetings,
    planning,
    policy,
    replies,
    requests,
    routes,
    stand_ins,
    waiting_list,
)

blueprints = (
    routes.blueprint,
    courses.blueprint,
    accreditations.blueprint,
    editions.blueprint,
    edition_life.blueprint,
    planning.blueprint,
    meetings.blueprint,
    enrolments.blueprint,
    changes.blueprint,
    stand_ins.blueprint,
    waiting_list.blueprint,
    replies.blueprint,
    requests.blueprint,
    coordinators.blueprint,
    certificates.blueprint,
    policy.blueprint,
)
