"""What the main pages cost, as times the bare page, and how many SQL statements each takes."""

from collections.abc import Callable
from itertools import cycle

from bench.dataset import PARTICIPANT, PASSWORD, SLUG, TRAINER, Landmarks
from bench.load import Timing, time_page
from bench.result import Row
from bench.visitor import Answer, Fields, Visitor, filled, read_forms
from portal.domain.attendance.rules import Status

GROUP = "Pages, as times the bare page on the same server"
STATEMENTS = "SQL statements of a page, and of an enrolment from choice to done"
# What the catalogue and an edition are held to.
TIMES_THE_FLOOR = 5
STATEMENTS_OF_A_PAGE = 8
HELD = ("catalogue", "edition")
SAVES = 25


def measure(port: int, floor: Visitor, landmarks: Landmarks, where: str) -> list[Row]:
    """Every page with this data, each in turns with the floor."""
    found = {name: time_page(ask, floor) for name, ask in asks(port, landmarks).items()}
    found["saving 20 marks"] = time_page(saving(port, landmarks.meeting), floor, rounds=SAVES)
    rows = []
    for name, timing in found.items():
        rows.append(page_row(name, timing, where))
        bound = STATEMENTS_OF_A_PAGE if name in HELD else None
        rows.append(Row(STATEMENTS, name, where, timing.statements, "SQL", bound))
    return rows


def page_row(name: str, timing: Timing, where: str) -> Row:
    note = (
        f"{timing.ms:.1f} ms (p95 {timing.p95_ms:.1f}), bare page {timing.floor_ms:.2f} ms, {timing.rounds} rounds; "
        f"at best {timing.best_ratio:.1f} x"
    )
    return Row(GROUP, name, where, round(timing.ratio, 1), "x floor", TIMES_THE_FLOOR if name in HELD else None, note)


def asks(port: int, landmarks: Landmarks) -> dict[str, Callable[[], Answer]]:
    """How to ask each page: as a visitor, as a participant with three enrolments, as a trainer."""
    visitor, participant, trainer = Visitor(port), Visitor(port), Visitor(port)
    participant.sign_in(PARTICIPANT, PASSWORD)
    trainer.sign_in(TRAINER, PASSWORD)
    return {
        "home": lambda: visitor.get("/"),
        "catalogue": lambda: visitor.get("/trainingen"),
        "course": lambda: visitor.get(f"/trainingen/{SLUG}"),
        "edition": lambda: visitor.get(f"/uitvoeringen/{landmarks.edition}"),
        "certificate check": lambda: visitor.get(f"/c/{landmarks.code}"),
        "sign-in form": lambda: visitor.get("/inloggen"),
        "signing in (argon2)": signing_in(port),
        "own start page": lambda: participant.get("/mijn"),
        "attendance of 20": lambda: trainer.get(f"/bijeenkomsten/{landmarks.meeting}/presentie"),
    }


def signing_in(port: int) -> Callable[[], Answer]:
    """A fresh visitor signs in with a password, every time; the form is fetched once."""
    visitor = Visitor(port)
    fields = visitor.fill("/inloggen", "password", {"email": PARTICIPANT, "password": PASSWORD})
    cookies = dict(visitor.cookies)

    def ask() -> Answer:
        visitor.cookies = dict(cookies)
        return visitor.post("/inloggen", fields)

    return ask


def saving(port: int, meeting: int) -> Callable[[], Answer]:
    """A trainer saves a list on which all twenty marks have changed. Only the saving is timed, not the page before."""
    trainer = Visitor(port)
    trainer.sign_in(TRAINER, PASSWORD)
    path = f"/bijeenkomsten/{meeting}/presentie"
    statuses = cycle([Status.PRESENT, Status.ABSENT])

    def ask() -> Answer:
        page = trainer.get(path).body
        return trainer.post(path, marked(page, next(statuses)))

    return ask


def marked(page: str, status: Status) -> Fields:
    """The fields of the list's form with everybody at this status."""
    names = {name for form in read_forms(page) for name, _value, _sent in form}
    seats = sorted(name.removesuffix("-was") for name in names if name.endswith("-was"))
    changes: dict[str, str | list[str]] = {f"{seat}-status": status.value for seat in seats}
    return filled(page, f"{seats[0]}-was", changes | {"button": "save"})
