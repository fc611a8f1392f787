"""An enrolment as a timeline: what was, what is now, what comes."""

from datetime import datetime
from typing import Any

from markupsafe import escape

from portal.domain.enrolment.own_enrolments import OwnEnrolment
from portal.domain.enrolment.rules import EnrolmentState
from portal.language import _, day, period
from portal.web.filters import in_dutch


def timeline_of(own: OwnEnrolment, now: datetime) -> list[dict[str, Any]]:
    """Items for components/timeline.html. The first meeting that is not over is 'now'."""
    items: list[dict[str, Any]] = [{"title": _("Aangemeld"), "when": day(own.enrolled_at), "state": "done"}]
    if own.state == EnrolmentState.CANCELLED:
        when = day(own.cancelled_at) if own.cancelled_at else ""
        return [*items, {"title": _("Geannuleerd"), "when": when, "state": "done"}]
    found_now = False
    for meeting in own.meetings:
        over = meeting.ends_at <= now
        state = "done" if over else "coming" if found_now else "now"
        found_now = found_now or not over
        items.append(
            {
                "title": escape(_("Dagdeel %(position)s: %(title)s"))
                % {"position": meeting.position, "title": in_dutch(meeting.title)},
                "when": f"{day(meeting.starts_at)}, {period(meeting.starts_at, meeting.ends_at)}",
                "note": own.edition.place_of(meeting)
                if over or not meeting.preparation
                else escape(_("Vooraf: %(preparation)s")) % {"preparation": in_dutch(meeting.preparation)},
                "state": state,
            }
        )
    completed = own.state == EnrolmentState.COMPLETED
    last = {"title": _("Evaluatie en certificaat"), "state": "done" if completed else "coming"}
    if own.completed_on:
        last["when"] = day(own.completed_on)
    return [*items, last]
