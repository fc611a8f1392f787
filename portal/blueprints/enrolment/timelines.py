"""An enrolment as a timeline: what was, what is now, what comes, and what can be made up or swapped."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import get_template_attribute, url_for
from markupsafe import Markup, escape

from portal.domain.accreditation.make_up_rules import Why
from portal.domain.accreditation.missed import MakeUp
from portal.domain.enrolment.own_enrolments import OwnEnrolment, OwnMeeting
from portal.domain.enrolment.rules import EndedBy, EnrolmentState
from portal.domain.quality.queries import OwnEvaluation
from portal.domain.quality.rules import LinkState
from portal.language import _, day, period
from portal.web.filters import in_dutch


def timeline_of(
    own: OwnEnrolment,
    now: datetime,
    make_ups: Sequence[MakeUp] = (),
    evaluation: OwnEvaluation | None = None,
    *,
    may_swap: bool = False,
) -> list[dict[str, Any]]:
    """Items for components/timeline.html. The first meeting that is not over is 'now'. `may_swap`: with a way to
    another date at each dagdeel that is still to come. `evaluation` None: one is not asked for it, or not yet."""
    items: list[dict[str, Any]] = [{"title": _("Aangemeld"), "when": day(own.enrolled_at), "state": "done"}]
    if own.state == EnrolmentState.CANCELLED:
        when = day(own.cancelled_at) if own.cancelled_at else ""
        ended = {EndedBy.MOVED: _("Omgeboekt"), EndedBy.SUBSTITUTED: _("Overgenomen door een collega")}
        title = ended.get(EndedBy(own.ended_by or EndedBy.CANCELLED), _("Geannuleerd"))
        return [*items, {"title": title, "when": when, "state": "done"}]
    by_module = {one.module_id: one for one in make_ups}
    found_now = False
    for meeting in own.meetings:
        over = meeting.ends_at <= now
        state = "done" if over else "coming" if found_now else "now"
        found_now = found_now or not over
        items.append(_meeting(own, meeting, state, by_module, now, may_swap=may_swap))
    items += [_lost(own, one) for one in make_ups if one.why is Why.LOST]
    completed = own.state == EnrolmentState.COMPLETED
    last = {"title": _("Evaluatie en certificaat"), "state": "done" if completed else "coming"}
    if own.completed_on:
        last["when"] = day(own.completed_on)
    if evaluation:
        last["note"] = _evaluated(evaluation)
    return [*items, last]


def _evaluated(evaluation: OwnEvaluation) -> str:
    words = {
        LinkState.OPEN: _(
            "We mailden je een link om te zeggen wat je ervan vond. Dat kan tot en met %(day)s.",
            day=day(evaluation.last_on),
        ),
        LinkState.USED: _("Je hebt gezegd wat je ervan vond. Dank je wel."),
        LinkState.CLOSED: _("De evaluatie is gesloten."),
    }
    return str(words[evaluation.state])


def _meeting(
    own: OwnEnrolment,
    meeting: OwnMeeting,
    state: str,
    make_ups: Mapping[int, MakeUp],
    now: datetime,
    *,
    may_swap: bool,
) -> dict[str, Any]:
    title = _("Dagdeel %(position)s: %(title)s")
    if own.made_up_by(meeting):
        title = _("Dagdeel %(position)s inhalen: %(title)s")
    item = {
        "title": escape(title) % {"position": meeting.position, "title": in_dutch(meeting.title)},
        "when": f"{day(meeting.starts_at)}, {period(meeting.starts_at, meeting.ends_at)}",
        "note": _note(own, meeting, state),
        "state": state,
    }
    one = make_ups.get(meeting.module_id)
    is_last = own.seat_of(meeting.module_id) == meeting
    if meeting.stood_in_for:
        item["note"] = _("Dit dagdeel haal je in.")
    elif one and one.booked is None and is_last:
        item |= _to_make_up(own, one)
    elif is_last and may_swap and own.state == EnrolmentState.ENROLLED and meeting.starts_at > now:
        item["action"] = _changes(own, meeting)
    return item


def _note(own: OwnEnrolment, meeting: OwnMeeting, state: str) -> str | Markup:
    """Where it is, and what to do before it; of one that is over only where it was."""
    place = own.edition.place_of(meeting)
    where = _("In een andere groep: %(place)s", place=place or _("online")) if meeting.elsewhere else place
    if state == "done" or not meeting.preparation:
        return where
    before = escape(_("Vooraf: %(preparation)s")) % {"preparation": in_dutch(meeting.preparation)}
    return escape("%s. %s") % (where, before) if meeting.elsewhere else before


def _to_make_up(own: OwnEnrolment, one: MakeUp) -> dict[str, Any]:
    told = (
        _("Je was bij dagdeel %(position)s te kort aanwezig.", position=one.position)
        if one.why is Why.TOO_SHORT
        else _("Je hebt dagdeel %(position)s gemist.", position=one.position)
    )
    if one.first_at is None:
        return {"note": f"{told} {_('Er is nu geen datum om dit in te halen.')}"}
    url = url_for("stand_ins.choose_make_up", enrolment_id=own.id, module_id=one.module_id)
    dates = _("Dit kun je inhalen op %(day)s.", day=day(one.first_at))
    return {"note": f"{told} {dates}", "action": _button(_("Haal dagdeel %(position)s in", position=one.position), url)}


def _lost(own: OwnEnrolment, one: MakeUp) -> dict[str, Any]:
    """A dagdeel whose other edition is not given: it has no date until another one is chosen."""
    url = url_for("stand_ins.choose_swap", enrolment_id=own.id, module_id=one.module_id)
    return {
        "title": escape(_("Dagdeel %(position)s: %(title)s"))
        % {"position": one.position, "title": in_dutch(one.title)},
        "note": _("De uitvoering waarin je dit zou volgen gaat niet door."),
        "state": "coming",
        "action": _button(_("Kies een andere datum voor dagdeel %(position)s", position=one.position), url),
    }


def _changes(own: OwnEnrolment, meeting: OwnMeeting) -> Markup:
    """To another date; and what makes up for something may be let go."""
    values: dict[str, Any] = {"enrolment_id": own.id, "module_id": meeting.module_id}
    swap = _("Neem dagdeel %(position)s op een andere datum", position=meeting.position)
    found = _link(swap, url_for("stand_ins.choose_swap", **values))
    if own.made_up_by(meeting):
        let_go = _("Toch niet inhalen op %(day)s", day=day(meeting.starts_at))
        found += Markup(" ") + _link(let_go, url_for("stand_ins.let_go", **values))
    return found


def _button(words: str, url: str) -> Markup:
    button: Markup = get_template_attribute("components/button.html", "button")(words, url=url, kind="secondary")
    return button


def _link(words: str, url: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(url, words)
