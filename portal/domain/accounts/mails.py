"""Mail about signing in."""

from datetime import datetime

from portal.domain.accounts.models import Person
from portal.language import _, speaking
from portal.links import link
from portal.mail import Letter, Recipient, enqueue


def recipient(person: Person) -> Recipient:
    """A person as the reader of a mail."""
    return Recipient(person.email, person.name, person.language, person.id)


def sign_in_link(person: Person, *, token: str, reference: str, now: datetime) -> None:
    """The link that somebody asked for. `reference` names this request and tells nothing about the token."""
    with speaking(person.language):
        letter = Letter(
            subject=_("Je inloglink voor Leerkring"),
            paragraphs=(
                _("Dag %(name)s,", name=person.name),
                _("Met de knop hieronder log je in. De link werkt één keer en een half uur lang."),
            ),
            button=(_("Inloggen"), link(f"/inloggen/link/{token}", person.language)),
            after=(_("Heb je dit niet gevraagd? Dan hoef je niets te doen: zonder deze mail komt niemand binnen."),),
        )
    enqueue(letter, kind="accounts.sign_in_link", to=recipient(person), dedupe_key=f"sign_in:{reference}", now=now)


def no_account(address: str, *, language: str, reference: str, now: datetime) -> None:
    """To an address that asked for a link and that nobody here has: its owner learns what to do, a stranger nothing."""
    with speaking(language):
        letter = Letter(
            subject=_("Je inloglink voor Leerkring"),
            paragraphs=(
                _("Iemand vroeg met dit e-mailadres om een inloglink. Wij kennen het adres nog niet."),
                _("Heb je je met een ander adres aangemeld? Vraag de link dan daarvoor aan."),
                _("Ben je nog niet bij ons bekend? Je krijgt een account als je je aanmeldt voor een training."),
            ),
            button=(_("Bekijk de trainingen"), link("/trainingen", language)),
            after=(_("Heb je dit niet gevraagd? Dan hoef je niets te doen."),),
        )
    to = Recipient(address, "", language)
    enqueue(letter, kind="accounts.no_account", to=to, dedupe_key=f"sign_in:{reference}", now=now)
