"""What a phone sends and asks while its page is open, in JSON: marks up, the state of the list down.

Whoever is not signed in (any more) gets a 401 and keeps what waits; a stale CSRF token is a 400, and `stand` has a
fresh one. So nothing that was tapped is lost on the way."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, jsonify, make_response, request, send_file
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.attendance.own import keepers, own_meeting
from portal.db import transaction
from portal.domain.attendance.arrivals import Arrival, list_arrivals, said_beside
from portal.domain.attendance.queries import SeatRow, get_meeting_head, list_seat_rows
from portal.domain.attendance.rules import Mark, Status
from portal.domain.attendance.tap_rules import Answer, Tap
from portal.domain.attendance.taps import Answered, keep_taps
from portal.errors import Refused
from portal.language import _
from portal.web.access import public
from portal.web.signing import current_actor, the_person

blueprint = Blueprint("attendance_sync", __name__)
WORKER = Path(__file__).parents[2] / "static" / "js" / "sw.js"
KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LONGEST_TEXT = 1000
MOST_MINUTES = 10_000


@blueprint.get("/sw.js")
@public
def service_worker() -> Response:
    """At the root, since a service worker serves only what lies below its own address."""
    response = send_file(WORKER, mimetype="text/javascript", max_age=0, conditional=True)
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/bijeenkomsten/<int:meeting_id>/presentie/stand")
@keepers
def state(meeting_id: int) -> Response:
    """How the list stands, with a token for the next POST. Whose page is open was noted when it was opened."""
    own_meeting(meeting_id)
    return jsonify(_state(meeting_id, []))


@blueprint.post("/bijeenkomsten/<int:meeting_id>/presentie/stand")
@keepers
def sync(meeting_id: int) -> Response:
    """Keeps the taps that are sent, and answers each by its key. 422 for a body that is not what a phone sends."""
    own_meeting(meeting_id)
    phone_now, taps = _read(request.get_json(silent=True))
    with transaction():
        answered = keep_taps(
            meeting_id=meeting_id, taps=taps, phone_now=phone_now, actor=current_actor(), now=clock.now()
        )
    return make_response(jsonify(_state(meeting_id, answered)))


def _state(meeting_id: int, answered: list[Answered]) -> dict[str, Any]:
    head, me, arrivals = get_meeting_head(meeting_id), the_person().name, list_arrivals(meeting_id)
    return {
        "csrf": generate_csrf(),
        "state": head.state(clock.now()),
        "answers": {a.key: _answer(a) for a in answered},
        "rows": {str(row.seat_id): _row(row, arrivals.get(row.seat_id), me) for row in list_seat_rows(meeting_id)},
    }


def _answer(answered: Answered) -> dict[str, str]:
    """`state`: what the phone calls it from now on."""
    state = "kept" if answered.answer in (Answer.KEPT, Answer.OLDER) else "refused"
    return {"answer": answered.answer, "state": state, "sentence": answered.sentence}


def _row(row: SeatRow, arrival: Arrival | None, me: str) -> dict[str, Any]:
    mark = row.mark
    return {
        "status": mark.status,
        "minutes_late": mark.minutes_late,
        "minutes_left_early": mark.minutes_left_early,
        "excuse": mark.excuse,
        "preparation_done": mark.preparation_done,
        "at": int(row.marked_at.timestamp() * 1000) if row.marked_at else 0,
        "said": said_beside(row, arrival, me),
    }


def _read(body: Any) -> tuple[datetime, list[Tap]]:
    """The phone's clock and its taps; Refused for a body that no phone of ours sends."""
    try:
        return _instant(body["now"]), [_tap(item) for item in body["taps"]]
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise Refused(_("Dit bericht van de telefoon is niet te lezen.")) from error


def _tap(item: dict[str, Any]) -> Tap:
    key, status, excuse = item["key"], item["status"], item["excuse"]
    if not KEY.fullmatch(key) or len(excuse) > LONGEST_TEXT or "\x00" in excuse:
        raise ValueError("a key or a text that no page of ours makes")
    mark = Mark(
        status=None if status is None else Status(status),
        minutes_late=_minutes(item["minutes_late"]),
        minutes_left_early=_minutes(item["minutes_left_early"]),
        excuse=excuse,
        preparation_done=item["preparation_done"] is True,
    )
    return Tap(key, _number(item["seat"]), _instant(item["at"]), mark)


def _minutes(value: Any) -> int:
    minutes = _number(value)
    if minutes > MOST_MINUTES:
        raise ValueError("more minutes than a meeting has")
    return minutes


def _number(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**31:
        raise ValueError("not a number")
    return value


def _instant(value: Any) -> datetime:
    """Milliseconds since 1970, as Date.now() says them."""
    if type(value) is not int:
        raise ValueError("not an instant")
    return datetime.fromtimestamp(value / 1000, UTC)
