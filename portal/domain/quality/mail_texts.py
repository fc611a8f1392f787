"""The words of the mail that asks for an evaluation."""

from portal.domain.enrolment.mail_texts import EXAMPLE, NAME, STARTS, TRAINING, frame
from portal.language import _, _l, day
from portal.mail.texts import Example, TextKind, Values, Words


def once_and_nameless() -> tuple[str, ...]:
    """What everybody who is asked should know."""
    return (
        str(_("We bewaren je antwoorden zonder je naam. Niemand ziet wie wat invulde, ook wij niet.")),
        str(_("De link is van jou en werkt één keer. Stuur deze mail daarom niet door.")),
    )


def _asked(values: Values) -> Words:
    return Words(
        _("Wat vond je van %(title)s?", title=values["training"]),
        (
            _("Dag %(name)s,", name=values["naam"]),
            _("Je deed mee aan %(title)s. Wat vond je ervan?", title=values["training"]),
            _("Vier cijfers en, als je wilt, een paar woorden: het kost twee minuten. Wij en wie na jou komen hebben er"
              " veel aan."),
            _("Invullen kan tot en met %(day)s.", day=values["datum"]),
        ),
        (_("Dank je wel!"),),
    )  # fmt: skip


def _asked_example() -> Example:
    values = {**EXAMPLE, "datum": day(STARTS)}
    return Example(values, frame(_("Geef je mening"), after=once_and_nameless()))


ASKED = TextKind(
    "quality.asked",
    _l("Vraag om een evaluatie"),
    _l("Na de laatste bijeenkomst, zoals ingesteld, aan wie er was"),
    {"naam": NAME, "training": TRAINING, "datum": _l("de laatste dag om te antwoorden, zoals donderdag 4 maart 2027")},
    _asked,
    _asked_example,
)
KINDS = (ASKED,)
