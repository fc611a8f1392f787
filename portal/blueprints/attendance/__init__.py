"""A trainer's day and the attendance of a meeting."""

from portal.blueprints.attendance import (
    arrival,
    count,
    door,
    dossier,
    joining,
    paper,
    reports,
    routes,
    sync,
    taking_in,
    walk_ins,
)

blueprints = (
    routes.blueprint,
    sync.blueprint,
    paper.blueprint,
    count.blueprint,
    dossier.blueprint,
    joining.blueprint,
    reports.blueprint,
    door.blueprint,
    arrival.blueprint,
    taking_in.blueprint,
    *walk_ins.blueprints,
)
