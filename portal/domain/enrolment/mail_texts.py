"""The words of the mails about enrolling that the office may write itself, and the portal's own where it does not.

Facts, the button and what the law or the terms ask stay in mails.py."""

from collections.abc import Sequence
from datetime import UTC, datetime

from portal.language import _, _l, day, moment, money, period
from portal.links import link
from portal.mail.letter import Letter
from portal.mail.texts import Example, TextKind, Values, Words

NAME = _l("de naam van de ontvanger")
TRAINING = _l("de naam van de training")
NUMBER = _l("het aanmeldnummer")
SESSION = _l("het nummer van het dagdeel")
# Half past nine to half past twelve in Amsterdam.
STARTS, ENDS = (datetime(2027, 3, 4, hour, 30, tzinfo=UTC) for hour in (8, 11))
EXAMPLE = {"naam": "Şule Yılmaz", "training": "SamenKracht", "nummer": "LK-2027-00042"}


def example_lines(positions: Sequence[int] = (1,)) -> tuple[tuple[str, str], ...]:
    """Meetings as a mail shows them, of nobody's training."""
    where = ", ".join([day(STARTS), period(STARTS, ENDS), "Buurthuis De Schakel, Zwolle"])
    return tuple((str(_("Dagdeel %(position)s", position=position)), where) for position in positions)


def frame(
    button: str,
    *,
    facts: Sequence[tuple[str, str]] = (),
    told: Sequence[str] = (),
    after: Sequence[str] = (),
) -> Letter:
    """The portal's part of an example. Its button leads to the trainings."""
    address = link("/trainingen")
    return Letter("", (), told=tuple(told), facts=tuple(facts), button=(button, address), after=tuple(after))


def _not_you() -> str:
    return str(_("Heb je dit niet zelf gedaan? Antwoord dan op deze mail."))


def _enrolled(values: Values) -> Words:
    return Words(
        _("Je doet mee aan %(title)s", title=values["training"]),
        (_("Je plek in de kring is bevestigd. Je aanmeldnummer is %(number)s.", number=values["nummer"]),),
    )


def _enrolled_example() -> Example:
    facts = (*example_lines(), (str(_("Prijs")), money(79500)))
    after = (
        _("De afspraken zitten als agenda-uitnodiging bij deze mail."),
        _("Zo annuleer je: open je inschrijving en kies Annuleren. Dit kost het:"),
        _("Tot en met %(day)s: %(amount)s", day=day(STARTS), amount=money(79500)),
        _not_you(),
    )
    return Example(EXAMPLE, frame(_("Bekijk je inschrijving"), facts=facts, after=after))


def _cancelled(values: Values) -> Words:
    return Words(
        _("Je inschrijving voor %(title)s is geannuleerd", title=values["training"]),
        (_("Je doet niet meer mee aan %(title)s (%(number)s).", title=values["training"], number=values["nummer"]),),
    )


def _cancelled_example() -> Example:
    told = (_("Je betaalt niets."), _("De afspraken verdwijnen uit je agenda met het bestand bij deze mail."))
    return Example(EXAMPLE, frame(_("Bekijk andere trainingen"), told=told, after=(_not_you(),)))


def _edition_cancelled(values: Values) -> Words:
    number = values["nummer"]
    return Words(
        _("%(title)s gaat niet door", title=values["training"]),
        (_("De uitvoering waarvoor je je aanmeldde (%(number)s) gaat helaas niet door.", number=number),),
    )


def _edition_cancelled_example() -> Example:
    told = (
        _("Je betaalt niets. Had je al betaald, dan krijg je alles terug."),
        _("De afspraken verdwijnen uit je agenda met het bestand bij deze mail."),
    )
    return Example(EXAMPLE, frame(_("Kies een andere datum"), facts=example_lines(), told=told))


def _meeting_moved(values: Values) -> Words:
    return Words(
        _("Wijziging: %(title)s, dagdeel %(position)s", title=values["training"], position=values["dagdeel"]),
        (_("Deze bijeenkomst is veranderd. Met het bestand bij deze mail klopt je agenda weer."),),
        (_("Kun je dan niet? Open je inschrijving of antwoord op deze mail."),),
    )


def _meeting_moved_example() -> Example:
    return Example({**EXAMPLE, "dagdeel": "1"}, frame(_("Bekijk de uitvoering"), facts=example_lines()))


def _waiting_list_joined(values: Values) -> Words:
    return Words(
        _("Je staat op de wachtlijst voor %(title)s", title=values["training"]),
        (
            _("De kring is vol. Je staat op de wachtlijst, op volgorde van binnenkomst."),
            _("Op je eigen pagina zie je je plaats. Daar kun je je er ook weer af halen."),
        ),
        (_("Het bureau neemt contact met je op als er een plek vrijkomt."),),
    )


def _waiting_list_joined_example() -> Example:
    return Example(EXAMPLE, frame(_("Bekijk mijn plaats"), facts=example_lines((1, 2)), after=(_not_you(),)))


def _offered(values: Values) -> Words:
    return Words(
        _("Er is plek voor %(title)s", title=values["training"]),
        (_("Je stond op de wachtlijst, en nu is er plek."),),
    )


def _offered_example() -> Example:
    told = (_("We houden een plek voor je vast tot %(until)s.", until=moment(STARTS)), how_to_answer())
    after = (_("Kies je niet op tijd, dan gaat de plek naar de volgende en sta je niet meer op de lijst."),)
    return Example(EXAMPLE, frame(_("Kies of je meedoet"), facts=example_lines((1, 2)), told=told, after=after))


def how_to_answer() -> str:
    """That only the button on the page makes somebody take part."""
    return str(_("Op de pagina kies je of je meedoet. Pas als je daar op de knop drukt, ben je ingeschreven."))


def _offer_lapsed(values: Values) -> Words:
    return Words(
        _("De plek voor %(title)s is vergeven", title=values["training"]),
        (_("Je koos niet op tijd. Je staat niet meer op de wachtlijst."),),
        (_("Wil je toch nog mee? Zet je dan opnieuw op de wachtlijst."),),
    )


def _offer_lapsed_example() -> Example:
    told = (_("We hielden een plek voor je vast tot %(until)s.", until=moment(STARTS)),)
    return Example(EXAMPLE, frame(_("Kies een andere datum"), told=told))


def _decline_asked(values: Values) -> Words:
    return Words(_("Je agenda zei dat je niet kunt. Klopt dat?"), (_("Dag %(name)s,", name=values["naam"]),))


def _decline_asked_example() -> Example:
    title = EXAMPLE["training"]
    told = (_("Op je uitnodiging voor %(title)s kwam uit een agenda het antwoord ‘nee’.", title=title),)
    after = (_("Er is niets veranderd: je plek is van jou, tot je zelf iets anders kiest."),)
    return Example(EXAMPLE, frame(_("Vertel hoe het zit"), facts=example_lines(), told=told, after=after))


ENROLLED = TextKind(
    "enrolment.enrolled",
    _l("Bevestiging van een inschrijving"),
    _l("Meteen na het aanmelden, met de uitnodigingen voor de agenda"),
    {"naam": NAME, "training": TRAINING, "nummer": NUMBER},
    _enrolled,
    _enrolled_example,
)
CANCELLED = TextKind(
    "enrolment.cancelled",
    _l("Annulering van een inschrijving"),
    _l("Meteen na het annuleren, met wat het kost"),
    {"naam": NAME, "training": TRAINING, "nummer": NUMBER},
    _cancelled,
    _cancelled_example,
)
MEETING_MOVED = TextKind(
    "enrolment.meeting_moved",
    _l("Een bijeenkomst is veranderd"),
    _l("Als tijd, plaats of link anders wordt, met een nieuwe uitnodiging"),
    {"naam": NAME, "training": TRAINING, "dagdeel": SESSION},
    _meeting_moved,
    _meeting_moved_example,
)
EDITION_CANCELLED = TextKind(
    "enrolment.edition_cancelled",
    _l("Een uitvoering gaat niet door"),
    _l("Aan alle deelnemers, als het bureau de uitvoering annuleert"),
    {"naam": NAME, "training": TRAINING, "nummer": NUMBER},
    _edition_cancelled,
    _edition_cancelled_example,
)
WAITING_LIST_JOINED = TextKind(
    "enrolment.waiting_list_joined",
    _l("Op de wachtlijst"),
    _l("Meteen nadat iemand zich op de wachtlijst zette"),
    {"naam": NAME, "training": TRAINING},
    _waiting_list_joined,
    _waiting_list_joined_example,
)
OFFERED = TextKind(
    "enrolment.offered",
    _l("Een plek voor wie wacht"),
    _l("Als er een plek vrijkomt, aan de eerste op de wachtlijst"),
    {"naam": NAME, "training": TRAINING},
    _offered,
    _offered_example,
)
OFFER_LAPSED = TextKind(
    "enrolment.offer_lapsed",
    _l("Een plek die niet op tijd is aangenomen"),
    _l("Als de tijd om te kiezen voorbij is"),
    {"naam": NAME, "training": TRAINING},
    _offer_lapsed,
    _offer_lapsed_example,
)
DECLINE_ASKED = TextKind(
    "enrolment.decline_asked",
    _l("Een agenda zei nee"),
    _l("Als een agendaprogramma een uitnodiging afslaat, hooguit één keer per dag"),
    {"naam": NAME, "training": TRAINING},
    _decline_asked,
    _decline_asked_example,
)
KINDS = (
    ENROLLED,
    CANCELLED,
    MEETING_MOVED,
    EDITION_CANCELLED,
    WAITING_LIST_JOINED,
    OFFERED,
    OFFER_LAPSED,
    DECLINE_ASKED,
)
