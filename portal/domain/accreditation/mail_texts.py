"""The words of the mails about a meeting that somebody missed, or of which their mark was corrected."""

from portal.domain.enrolment.mail_texts import EXAMPLE, NAME, SESSION, STARTS, TRAINING, frame
from portal.language import _, _l, day
from portal.mail.texts import Example, TextKind, Values, Words

DAY = _l("de dag van de bijeenkomst, zoals donderdag 4 maart 2027")


def example_points() -> tuple[tuple[str, str], ...]:
    """What a register says of nobody's dagdeel."""
    return (("SKJ", str(_("4 punten voor dit dagdeel. Telt niet mee, want je was er niet bij."))),)


def not_right() -> str:
    """What to do when the list is wrong."""
    return str(_("Klopt dit niet? Antwoord dan op deze mail."))


def _missed(values: Values) -> Words:
    which = {"title": values["training"], "position": values["dagdeel"]}
    return Words(
        _("Je miste dagdeel %(position)s van %(title)s", **which),
        (
            _("Dag %(name)s,", name=values["naam"]),
            _("Op de presentielijst van %(day)s sta je als %(status)s.", day=values["datum"], status=values["status"]),
        ),
    )


def _missed_example() -> Example:
    values = {**EXAMPLE, "dagdeel": "1", "datum": day(STARTS), "status": str(_("afwezig"))}
    letter = frame(_("Haal dagdeel %(position)s in", position=1), facts=example_points(), after=(not_right(),))
    return Example(values, letter)


def _corrected(values: Values) -> Words:
    which = {"title": values["training"], "position": values["dagdeel"]}
    return Words(
        _("Je presentie is verbeterd: %(title)s, dagdeel %(position)s", **which),
        (
            _("Dag %(name)s,", name=values["naam"]),
            _("De presentielijst van %(day)s is verbeterd.", day=values["datum"]),
            _("Eerst stond bij jou: %(was)s. Nu staat er: %(became)s.", was=values["eerst"], became=values["nu"]),
        ),
    )


def _corrected_example() -> Example:
    values = {**EXAMPLE, "dagdeel": "1", "datum": day(STARTS), "eerst": str(_("Aanwezig")), "nu": str(_("Afwezig"))}
    letter = frame(_("Bekijk je inschrijving"), facts=example_points(), after=(not_right(),))
    return Example(values, letter)


MISSED = TextKind(
    "attendance.missed",
    _l("Een bijeenkomst gemist"),
    _l("Als de lijst is afgerond, aan wie afwezig of afgemeld was"),
    {
        "naam": NAME,
        "training": TRAINING,
        "dagdeel": SESSION,
        "datum": DAY,
        "status": _l("wat op de lijst staat: afwezig of afgemeld"),
    },
    _missed,
    _missed_example,
)
CORRECTED = TextKind(
    "attendance.corrected",
    _l("Presentie verbeterd"),
    _l("Als na het tekenen aanwezig afwezig wordt, of andersom"),
    {
        "naam": NAME,
        "training": TRAINING,
        "dagdeel": SESSION,
        "datum": DAY,
        "eerst": _l("wat er eerst stond"),
        "nu": _l("wat er nu staat"),
    },
    _corrected,
    _corrected_example,
)
KINDS = (MISSED, CORRECTED)
