"""What asks for attention, in words and with the page where it is done."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import url_for

from portal.domain.reporting.rules import Attention, Matter
from portal.language import _, _n, short_day

ICONS = {
    Matter.ACCREDITATION: "warning",
    Matter.REQUESTS: "person-plus",
    Matter.SHEET: "clipboard",
    Matter.CERTIFICATES: "certificate",
    Matter.HANDOVER: "external",
    Matter.MINIMUM: "people",
    Matter.PROMISED: "people",
    Matter.REPLIES: "calendar",
    Matter.WALK_IN: "person-plus",
    Matter.MAIL: "mail",
}


def attention_items(things: Iterable[Attention], today: date) -> list[dict[str, Any]]:
    """The items of the component task_list."""
    words = {
        Matter.ACCREDITATION: _accreditation,
        Matter.REQUESTS: _requests,
        Matter.SHEET: _sheet,
        Matter.CERTIFICATES: _certificates,
        Matter.HANDOVER: _handover,
        Matter.MINIMUM: _minimum,
        Matter.PROMISED: _promised,
        Matter.REPLIES: _replies,
        Matter.WALK_IN: _walk_in,
        Matter.MAIL: _mail,
    }
    return [
        {"icon": ICONS[thing.matter], **_badge(thing, today), **words[thing.matter](thing, today)} for thing in things
    ]


def _accreditation(thing: Attention, today: date) -> dict[str, str]:
    left = (thing.due_on - today).days
    days = _n("Nog %(num)s dag.", "Nog %(num)s dagen.", left) if left else _("Vandaag is de laatste dag.")
    editions = _("Er is niets gepland na de einddatum.")
    if thing.number:
        editions = _n(
            "Er is %(num)s uitvoering gepland na de einddatum.",
            "Er zijn %(num)s uitvoeringen gepland na de einddatum.",
            thing.number,
        )
    return {
        "text": _("Accreditatie %(register)s ‘%(course)s’ loopt af", register=thing.detail, course=thing.name),
        "note": f"{days} {editions}",
        "url": url_for("office_courses.show", course_id=thing.thing_id, _anchor="accreditaties"),
    }


def _requests(thing: Attention, today: date) -> dict[str, str]:
    text = _n(
        "%(num)s in-company aanvraag wacht op antwoord",
        "%(num)s in-company aanvragen wachten op antwoord",
        thing.number,
    )
    note = _("%(client)s wacht het langst.", client=thing.name)
    return {"text": text, "note": note, "url": url_for("office_requests.index")}


def _sheet(thing: Attention, today: date) -> dict[str, str]:
    people = _n("%(num)s deelnemer", "%(num)s deelnemers", thing.number)
    held = _("%(module)s, %(day)s", module=thing.detail, day=short_day(thing.due_on))
    return {
        "text": _("Presentie %(where)s is niet afgerond", where=_where(thing)),
        "note": f"{held}, {people}" if thing.number else held,
        "url": url_for("attendance.sheet", meeting_id=thing.thing_id),
    }


def _certificates(thing: Attention, today: date) -> dict[str, str]:
    return {
        "text": _n(
            "%(num)s certificaat staat klaar om te versturen",
            "%(num)s certificaten staan klaar om te versturen",
            thing.number,
        ),
        "note": _where(thing),
        "url": url_for("office_certificates.edition", edition_id=thing.thing_id),
    }


def _handover(thing: Attention, today: date) -> dict[str, str]:
    return {
        "text": _("Geef de punten door aan %(register)s", register=thing.detail),
        "note": _where(thing),
        "url": url_for("handover.edition", register=thing.detail, edition_id=thing.thing_id),
    }


def _minimum(thing: Attention, today: date) -> dict[str, str]:
    lacking = _n(
        "Nog %(num)s deelnemer nodig om door te gaan.", "Nog %(num)s deelnemers nodig om door te gaan.", thing.number
    )
    return {
        "text": _("Gaat %(where)s door?", where=_where(thing)),
        "note": lacking,
        "url": url_for("office_editions.show", edition_id=thing.thing_id),
    }


def _promised(thing: Attention, today: date) -> dict[str, str]:
    return {
        "text": _("Toegezegd, maar dunner: %(where)s", where=_where(thing)),
        "note": _n(
            "%(num)s deelnemer minder dan toen we beloofden dat het doorgaat.",
            "%(num)s deelnemers minder dan toen we beloofden dat het doorgaat.",
            thing.number,
        ),
        "url": url_for("office_editions.show", edition_id=thing.thing_id),
    }


def _replies(thing: Attention, today: date) -> dict[str, str]:
    return {
        "text": _n(
            "%(num)s keer zei een agenda nee. Klopt dat?", "%(num)s keer zei een agenda nee. Klopt dat?", thing.number
        ),
        "note": _("Deelnemers hebben er een mail over. Wie niet antwoordt, kun je bellen."),
        "url": url_for("office_replies.index"),
    }


def _walk_in(thing: Attention, today: date) -> dict[str, str]:
    return {
        "text": _("%(name)s bevestigde nog niet: %(course)s", name=thing.name, course=thing.detail),
        "note": _("Door de trainer op de lijst gezet. Bel, of annuleer de inschrijving."),
        "url": url_for("office_enrolments.show", enrolment_id=thing.thing_id),
    }


def _mail(thing: Attention, today: date) -> dict[str, str]:
    return {
        "text": _n("%(num)s mail kwam niet aan", "%(num)s mails kwamen niet aan", thing.number),
        "note": _("Kijk wat eraan schort en verstuur opnieuw."),
        "url": url_for("mail.index", staat="failed"),
    }


def _where(thing: Attention) -> str:
    return ", ".join(part for part in (thing.name, thing.place) if part)


def _badge(thing: Attention, today: date) -> dict[str, str]:
    """When, and how pressing: the words carry the meaning, the colour repeats it."""
    if thing.matter == Matter.CERTIFICATES:
        return {"badge": _("klaar"), "kind": "good"}
    left = (thing.due_on - today).days
    if left < 0:
        return {"badge": _n("%(num)s dag te laat", "%(num)s dagen te laat", -left), "kind": "error"}
    if left == 0:
        return {"badge": _("vandaag"), "kind": "info"}
    return {"badge": _("uiterlijk %(day)s", day=short_day(thing.due_on)), "kind": "warning"}
