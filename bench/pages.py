"""What the main pages cost, as times the bare page, and how many SQL statements each takes.

A public page is asked in two ways. *As visitors get it*: the same address again and again, as many people do, so from
its copy while nothing happens. *Made anew*: each time with another word after the question mark that no page knows, so
that there is never a copy, and what it takes to keep one is in the figure."""

from collections.abc import Callable
from functools import partial
from itertools import count, cycle

from bench.dataset import PARTICIPANT, PASSWORD, SLUG, TRAINER, Landmarks
from bench.load import Timing, time_page
from bench.result import Row
from bench.visitor import Answer, Fields, Visitor, filled, read_forms
from portal.domain.attendance.rules import Status

GROUP = "Pages, as times the bare page on the same server"
STATEMENTS = "SQL statements of a page, and of an enrolment from choice to done"
ANEW = ", made anew"
# What the catalogue and an edition are held to: the time as visitors get them, the statements when they are made anew.
TIMES_THE_FLOOR = 5
STATEMENTS_OF_A_PAGE = 8
HELD = ("catalogue", "edition")
HELD_ANEW = tuple(name + ANEW for name in HELD)
SAVES = 25


def measure(port: int, floor: Visitor, landmarks: Landmarks, where: str) -> list[Row]:
    """Every page with this data, each in turns with the floor."""
    found = {name: time_page(ask, floor) for name, ask in asks(port, landmarks).items()}
    found["saving 20 marks"] = time_page(saving(port, landmarks.meeting), floor, rounds=SAVES)
    rows = []
    for name, timing in found.items():
        rows.append(page_row(name, timing, where))
        bound = STATEMENTS_OF_A_PAGE if name in HELD_ANEW else None
        rows.append(Row(STATEMENTS, name, where, timing.statements, "SQL", bound))
    return rows


def page_row(name: str, timing: Timing, where: str) -> Row:
    note = (
        f"{timing.ms:.1f} ms (p95 {timing.p95_ms:.1f}), bare page {timing.floor_ms:.2f} ms, {timing.rounds} rounds; "
        f"at best {timing.best_ratio:.1f} x"
    )
    return Row(GROUP, name, where, round(timing.ratio, 1), "x floor", TIMES_THE_FLOOR if name in HELD else None, note)


def asks(port: int, landmarks: Landmarks) -> dict[str, Callable[[], Answer]]:
    """How to ask each page: as a visitor without a cookie, as a guest whom a form gave one, as a participant with three
    enrolments, as a trainer."""
    visitor, guest, participant, trainer = (Visitor(port) for _ in range(4))
    participant.sign_in(PARTICIPANT, PASSWORD)
    trainer.sign_in(TRAINER, PASSWORD)
    public = {
        "home": "/",
        "catalogue": "/trainingen",
        "course": f"/trainingen/{SLUG}",
        "edition": f"/uitvoeringen/{landmarks.edition}",
    }
    both_ways: dict[str, Callable[[], Answer]] = {}
    for name, path in public.items():
        both_ways[name] = partial(visitor.get, path)
        both_ways[name + ANEW] = made_anew(visitor, path)
    return both_ways | {
        "certificate check": lambda: visitor.get(f"/c/{landmarks.code}"),
        "sign-in form": lambda: guest.get("/inloggen"),
        "signing in (argon2)": signing_in(port),
        "own start page": lambda: participant.get("/mijn"),
        "attendance of 20": lambda: trainer.get(f"/bijeenkomsten/{landmarks.meeting}/presentie"),
    }


def made_anew(visitor: Visitor, path: str) -> Callable[[], Answer]:
    """Asks a page of which there is no copy, every time."""
    serial = count(1)
    return lambda: visitor.get(f"{path}?anew={next(serial)}")


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
