"""Which mail goes to whom about an edition as a whole: whether it is given, that it begins, that it is over."""

from datetime import date, datetime

from portal.domain.accounts.mails import recipient
from portal.domain.accounts.models import Person
from portal.domain.enrolment.queries import EditionOnOffer
from portal.domain.enrolment.wording import meeting_lines, sentence_of_minimum
from portal.language import _, _n, day, speaking
from portal.links import link
from portal.mail import Letter, enqueue


def confirmed(person: Person, enrolment_id: int, edition: EditionOnOffer, now: datetime) -> None:
    """To who takes part in an edition that was not sure and now is."""
    with speaking(person.language):
        letter = Letter(
            subject=_("%(title)s gaat door", title=edition.title),
            paragraphs=(
                _("Goed nieuws: de uitvoering waarvoor je je aanmeldde gaat door."),
                _("Je hoeft niets te doen. De afspraken in je agenda kloppen."),
            ),
            facts=meeting_lines(edition, edition.meetings),
            button=(_("Bekijk je inschrijving"), link(f"/mijn/inschrijvingen/{enrolment_id}", person.language)),
        )
    _queue(letter, "edition_confirmed", person, f"edition_confirmed:{edition.id}:{enrolment_id}", edition, now)


def confirmed_to_trainer(person: Person, edition: EditionOnOffer, people: int, now: datetime) -> None:
    """To who gives an edition that was not sure and now is."""
    with speaking(person.language):
        letter = Letter(
            subject=_("%(title)s gaat door", title=edition.title),
            paragraphs=(
                _n(
                    "De uitvoering die jij geeft gaat door, met nu %(num)s deelnemer.",
                    "De uitvoering die jij geeft gaat door, met nu %(num)s deelnemers.",
                    people,
                ),
            ),
            facts=meeting_lines(edition, edition.meetings),
            button=(_("Bekijk je bijeenkomsten"), link("/trainer", person.language)),
        )
    _queue(
        letter, "edition_confirmed_trainer", person, f"edition_confirmed_trainer:{edition.id}:{person.id}", edition, now
    )


def decision_postponed(
    person: Person, enrolment_id: int, edition: EditionOnOffer, decide_on: date, now: datetime
) -> None:
    """To who takes part in an edition of which it is not sure yet, and will be known on another day than they were
    told."""
    with speaking(person.language):
        letter = Letter(
            subject=_("Nog niet zeker: %(title)s", title=edition.title),
            paragraphs=(
                _("We weten nog niet of de uitvoering waarvoor je je aanmeldde doorgaat."),
                sentence_of_minimum(edition.minimum, decide_on),
                _("Je plek blijft van jou. Je hoeft niets te doen."),
            ),
            facts=((str(_("We beslissen uiterlijk op")), day(decide_on)), *meeting_lines(edition, edition.meetings)),
            button=(_("Bekijk je inschrijving"), link(f"/mijn/inschrijvingen/{enrolment_id}", person.language)),
        )
    _queue(
        letter,
        "decision_postponed",
        person,
        f"decision_postponed:{edition.id}:{enrolment_id}:{decide_on}",
        edition,
        now,
    )


def started(person: Person, edition: EditionOnOffer, now: datetime) -> None:
    """To who gives an edition whose first meeting begins: where the lists are."""
    with speaking(person.language):
        letter = Letter(
            subject=_("%(title)s is begonnen", title=edition.title),
            paragraphs=(
                _("De presentielijsten van je bijeenkomsten staan voor je klaar."),
                _("Vul ze in op je telefoon, in de zaal. Rond elke lijst dezelfde dag af: dan kloppen de punten."),
            ),
            facts=meeting_lines(edition, edition.meetings),
            button=(_("Naar de lijsten"), link("/trainer", person.language)),
        )
    _queue(letter, "edition_started", person, f"edition_started:{edition.id}:{person.id}", edition, now)


def finished(person: Person, enrolment_id: int, edition: EditionOnOffer, now: datetime) -> None:
    """To who took part in an edition that is over: what comes next."""
    with speaking(person.language):
        letter = Letter(
            subject=_("%(title)s zit erop", title=edition.title),
            paragraphs=(
                _("De laatste bijeenkomst is geweest. Fijn dat je erbij was."),
                _("Zodra de trainer de presentielijst heeft afgerond, zie je je punten en waarom je ze kreeg."),
                _("Daarna geeft het bureau je certificaat uit. Je krijgt een mail als het klaarstaat."),
            ),
            button=(_("Bekijk je punten"), link("/mijn/punten", person.language)),
            after=(_("Heb je een dagdeel gemist? Op de pagina van je inschrijving zie je waar je het kunt inhalen."),),
        )
    _queue(letter, "edition_finished", person, f"edition_finished:{enrolment_id}", edition, now)


def _queue(letter: Letter, kind: str, person: Person, key: str, edition: EditionOnOffer, now: datetime) -> None:
    kind = f"enrolment.{kind}"
    enqueue(letter, kind=kind, to=recipient(person), dedupe_key=key, now=now, edition_id=edition.id)
