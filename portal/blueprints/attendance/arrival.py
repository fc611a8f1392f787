"""What somebody sees who scans the code at the door: are you there? Never a list of names."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, session, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.audit import Actor
from portal.blueprints.attendance.door import door_key
from portal.blueprints.attendance.forms import LettersForm
from portal.db import transaction
from portal.domain.attendance import door
from portal.domain.attendance.arrivals import OwnSeat, find_by_letters, find_own_seat
from portal.domain.attendance.check_ins import check_in
from portal.domain.attendance.door import DoorCode, Hindrance, How
from portal.domain.attendance.queries import MeetingHead, get_meeting_head
from portal.errors import NotFound
from portal.language import _
from portal.web.access import public
from portal.web.forms import PortalForm
from portal.web.limits import limit
from portal.web.pages import page, see_other
from portal.web.signing import AT_THE_DOOR, current_person, remember_page

blueprint = Blueprint("arrival", __name__, url_prefix="/i")


@dataclass(frozen=True)
class Visit:
    """Somebody with a code of ours in hand. `hindrance`: why it lets nobody in now."""

    token: str
    code: DoorCode
    head: MeetingHead
    hindrance: Hindrance | None

    @property
    def how(self) -> How:
        return How.PAPER if self.code.on_paper else How.SCREEN

    def own_seat(self) -> OwnSeat | None:
        """The seat of who is signed in; None without one, or when nobody is."""
        person = current_person()
        return find_own_seat(self.head.id, person.id) if person else None


@blueprint.after_request
def keep_to_oneself(response: Response) -> Response:
    """No copy of these pages stays anywhere."""
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/<token>")
@public
@limit("door")
def come_in(token: str) -> Response:
    """Asks whether they are there; whoever opened a code in time has a while to sign in first."""
    now = clock.now()
    visit = _visit(token, now)
    if visit and visit.hindrance is None and not visit.code.on_paper:
        _let_pass(visit, now)
    if current_person() is None:
        remember_page()
    return _answer(visit, PortalForm())


@blueprint.post("/<token>")
@public
@limit("door")
def am_here(token: str) -> Response:
    """'I am here', of who is signed in and has a seat."""
    now, form = clock.now(), PortalForm()
    visit, person = _visit(token, now), current_person()
    seat = visit.own_seat() if visit else None
    if visit and person and seat and visit.hindrance is None:
        with form.answering(), transaction():
            actor = Actor.person(person.id)
            check_in(meeting_id=visit.head.id, seat_id=seat.seat_id, how=visit.how, actor=actor, now=now)
        if not form.errors:
            return see_other(url_for(".come_in", token=token))
    return _answer(visit, form)


@blueprint.post("/<token>/code")
@public
@limit("door")
@limit("letters")
def by_letters(token: str) -> Response:
    """'I am here', of who is not signed in and types their own letters. Only by the code that turns: who opens that one
    is in the room."""
    now, form = clock.now(), LettersForm()
    visit = _visit(token, now)
    if visit is None or visit.hindrance or visit.code.on_paper:
        return _answer(visit, form)
    if form.validate():
        with form.answering(), transaction():
            _take_in(visit, form, now)
        if not form.errors:
            flash(_("Gelukt. Je staat op de lijst van vandaag."), "good")
            return see_other(url_for(".come_in", token=token))
    return _answer(visit, form)


def _take_in(visit: Visit, form: LettersForm, now: datetime) -> None:
    seat = find_by_letters(door_key(), visit.head.id, form.letters.data or "")
    if seat is None:
        form.refuse(_("Deze code kennen we niet voor vandaag. Kijk hem na, log in, of vraag de trainer."))
        return
    actor = Actor.person(seat.person_id)
    check_in(meeting_id=visit.head.id, seat_id=seat.seat_id, how=How.LETTERS, actor=actor, now=now)


def _visit(token: str, now: datetime) -> Visit | None:
    """None for a code that we never made, or that is of a meeting that is not given."""
    code = door.read_token(door_key(), token)
    if code is None:
        return None
    try:
        head = get_meeting_head(code.meeting_id)
    except NotFound:
        return None
    how, finished = How.PAPER if code.on_paper else How.SCREEN, head.finished_at is not None
    found = door.hindrance(how, starts_at=head.starts_at, ends_at=head.ends_at, finished=finished, now=now)
    if found is None and not (door.is_fresh(code, now) or _may_pass(token, now)):
        found = Hindrance.EXPIRED
    return Visit(token, code, head, found)


def _let_pass(visit: Visit, now: datetime) -> None:
    if not _may_pass(visit.token, now):
        session[AT_THE_DOOR] = [visit.token, int(now.timestamp())]


def _may_pass(token: str, now: datetime) -> bool:
    """Whether this browser opened this code while it was on the screen, and not long ago."""
    opened, at = session.get(AT_THE_DOOR, ["", 0])
    return bool(opened == token and 0 <= now.timestamp() - at <= door.PASS_LASTS.total_seconds())


def _answer(visit: Visit | None, form: PortalForm) -> Response:
    """The page for whoever stands there."""
    if visit is None:
        return _refused(_("Deze code kennen we niet. Scan hem nog eens, of zeg de trainer dat je er bent."), 404)
    seat = visit.own_seat()
    if seat and seat.arrival:
        return page("attendance/arrived.html", visit=visit, arrival=seat.arrival)
    if visit.hindrance:
        return _refused(door.hindrance_in_words(visit.hindrance, visit.how, starts_at=visit.head.starts_at), 410)
    if seat:
        return page("attendance/are_you_here.html", form=form, visit=visit, name=seat.name)
    if current_person():
        return _refused(
            _(
                "Je staat met dit e-mailadres niet op de lijst van deze bijeenkomst. Ben je met een ander adres "
                "ingeschreven? Log daarmee in. Anders: vraag de trainer om je erbij te zetten."
            ),
            403,
        )
    letters = form if isinstance(form, LettersForm) else LettersForm(formdata=None)
    return page("attendance/who_are_you.html", form=letters, visit=visit)


def _refused(sentence: str, status: int) -> Response:
    return page("attendance/not_let_in.html", sentence=sentence, status=status)
