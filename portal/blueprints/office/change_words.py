"""Changes to enrolments in the words of the office's desk."""

from collections.abc import Mapping
from typing import Any

from portal.domain.reporting.changes import Change, ChangeKind, EditionNamed
from portal.language import _, _l, _n, money, short_day

KINDS = {
    ChangeKind.CANCELLED: _l("Annuleringen"),
    ChangeKind.MOVED: _l("Omboekingen"),
    ChangeKind.SUBSTITUTED: _l("Vervangers"),
    ChangeKind.OTHER_DATE: _l("Ruilen en inhalen"),
    ChangeKind.GROUP: _l("Groepen"),
    ChangeKind.WAITING_LIST: _l("Wachtlijst"),
}
TITLES = {
    "enrolment.enrolled": _l("Ingeschreven"),
    "enrolment.enrolled_again": _l("Nog eens aangemeld, er veranderde niets"),
    "enrolment.completed": _l("Afgerond"),
    "enrolment.reopened": _l("Weer open"),
    "enrolment.cancelled": _l("Geannuleerd"),
    "enrolment.moved": _l("Omgeboekt"),
    "enrolment.substituted": _l("Collega gestuurd"),
    "enrolment.stand_in_released": _l("Andere datum losgelaten"),
    "enrolment.group_booked": _l("Groep aangemeld"),
    "enrolment.place_named": _l("Plek kreeg een naam"),
    "enrolment.places_released": _l("Plekken teruggegeven"),
    "enrolment.waiting_list_joined": _l("Op de wachtlijst gezet"),
    "enrolment.waiting_list_left": _l("Van de wachtlijst gehaald"),
    "enrolment.offer_accepted": _l("Plek van de wachtlijst aangenomen"),
    "enrolment.offer_declined": _l("Plek van de wachtlijst afgewezen"),
}


def title_of(tag: str, facts: Mapping[str, Any]) -> str:
    """What happened, in a few words."""
    if tag == "enrolment.stand_in_booked":
        return str(_("Dagdeel elders ingehaald") if facts["makes_up"] else _("Dagdeel geruild"))
    if facts.get("with_edition"):
        return str(_("Vervallen: de uitvoering gaat niet door"))
    if facts.get("replaces"):
        return str(_("Ingeschreven, in plaats van een eerdere inschrijving"))
    return str(TITLES[tag])


def notes_of(change: Change) -> list[str]:
    """What else there is to say: where to, how many, what it costs, why the office did it."""
    facts = change.entry.facts
    notes = []
    if change.to is not None:
        notes.append(str(_("naar %(where)s", where=edition_in_words(change.to))))
    if facts.get("people") and facts.get("group_id"):
        notes.append(str(_n("%(num)s deelnemer", "%(num)s deelnemers", facts["people"])))
    if facts.get("places"):
        notes.append(str(_n("%(num)s plek", "%(num)s plekken", facts["places"])))
    if facts.get("withdrawal"):
        notes.append(str(_("binnen de bedenktijd")))
    if facts.get("cost_cents") is not None:
        amount = money(facts["cost_cents"]) if facts["cost_cents"] else str(_("geen"))
        notes.append(str(_("kosten: %(amount)s", amount=amount)))
    if facts.get("reason"):
        notes.append(str(_("reden: %(reason)s", reason=facts["reason"])))
    return notes


def edition_in_words(edition: EditionNamed) -> str:
    """'Zwolle, do 4 mrt 2027'."""
    where = edition.place or str(_("online"))
    return f"{where}, {short_day(edition.starts_on)}" if edition.starts_on else where
