"""The words of the reminders: practical information, preparation, the meeting itself, and the trainer's own day."""

from portal.domain.enrolment.mail_texts import (
    ENDS,
    EXAMPLE,
    NAME,
    SESSION,
    STARTS,
    TRAINING,
    example_lines,
    frame,
)
from portal.language import _, _l, _n, clock_time, day, period, spoken
from portal.links import link
from portal.mail.texts import Example, TextKind, Values, Words

PLACES = {
    "naam": NAME,
    "training": TRAINING,
    "dagdeel": SESSION,
    "datum": _l("de dag, zoals donderdag 4 maart 2027"),
    "tijd": _l("de begintijd, zoals 09.30"),
    "plaats": _l("waar het is"),
    "wanneer": _l("morgen, vandaag, of de dag"),
}


def how_to_cancel() -> tuple[str, ...]:
    """What to do when one cannot come, and where the terms stand."""
    return (
        str(_("Kun je toch niet? Open je inschrijving: daar zie je wat je kunt doen en wat het kost.")),
        str(_("De voorwaarden lees je op %(address)s", address=link("/voorwaarden", spoken()))),
    )


def points_wait() -> str:
    """Why preparation matters (source: the registers' rule on preparation)."""
    return str(_("Je krijgt de punten van dit dagdeel als je voorbereiding klaar is."))


def people(number: int) -> str:
    """How many come, for their trainer."""
    return str(_n("%(num)s deelnemer", "%(num)s deelnemers", number))


def _example(**changes: str) -> dict[str, str]:
    facts = {"dagdeel": "1", "datum": day(STARTS), "tijd": clock_time(STARTS)}
    return {**EXAMPLE, **facts, "plaats": "Buurthuis De Schakel, Zwolle", "wanneer": str(_("morgen")), **changes}


def _greeting(values: Values) -> str:
    return str(_("Dag %(name)s,", name=values["naam"]))


def _practical(values: Values) -> Words:
    return Words(
        _("Praktische informatie over %(title)s", title=values["training"]),
        (
            _greeting(values),
            _("Op %(day)s begint %(title)s. Fijn dat je erbij bent.", day=values["datum"], title=values["training"]),
        ),
        (_("Neem iets mee om te schrijven, en een situatie uit je eigen werk."),),
    )


def _practical_example() -> Example:
    facts = (*example_lines((1, 2)), (str(_("Trainers")), "Noor Jansen"))
    return Example(_example(), frame(_("Bekijk je inschrijving"), facts=facts, after=how_to_cancel()))


def _preparation(values: Values) -> Words:
    return Words(
        _("Je voorbereiding voor %(title)s", title=values["training"]),
        (
            _greeting(values),
            _("Voor dagdeel %(position)s, op %(day)s, vragen we je iets voor te bereiden.",
              position=values["dagdeel"], day=values["datum"]),
        ),
        (_("Kom je er niet uit? Antwoord op deze mail, dan denken we mee."),),
    )  # fmt: skip


def _preparation_example() -> Example:
    facts = (*example_lines(), (str(_("Voorbereiding")), str(_("Lees het hoofdstuk en maak de opdracht"))))
    return Example(_example(), frame(_("Bekijk je inschrijving"), facts=facts, after=(points_wait(),)))


def _tomorrow(values: Values) -> Words:
    return Words(
        _("Herinnering: %(title)s, %(when)s", title=values["training"], when=values["wanneer"]),
        (
            _greeting(values),
            _("Je doet %(when)s mee. We beginnen om %(time)s uur.", when=values["wanneer"], time=values["tijd"]),
        ),
        (_("Kun je toch niet komen? Laat het ons weten: antwoord op deze mail."),),
    )


def _tomorrow_example() -> Example:
    return Example(_example(), frame(_("Bekijk je inschrijving"), facts=example_lines()))


def _trainer(values: Values) -> Words:
    return Words(
        _("Je geeft %(when)s %(title)s", when=values["wanneer"], title=values["training"]),
        (
            _greeting(values),
            _("Dit staat er %(when)s voor je klaar. Op de lijst zie je wie er komen.", when=values["wanneer"]),
        ),
        (_("Klopt er iets niet? Antwoord op deze mail."),),
    )


def _trainer_example() -> Example:
    where = ", ".join([period(STARTS, ENDS), "Buurthuis De Schakel, Zwolle", people(11)])
    facts = ((str(_("Dagdeel %(position)s", position=1)), where),)
    return Example(_example(naam="Noor Jansen"), frame(_("Naar de lijst"), facts=facts))


PRACTICAL = TextKind(
    "enrolment.practical",
    _l("Praktische informatie"),
    _l("Dagen voor de eerste bijeenkomst, zoals ingesteld"),
    PLACES,
    _practical,
    _practical_example,
)
PREPARATION = TextKind(
    "enrolment.preparation",
    _l("Herinnering aan de voorbereiding"),
    _l("Dagen voor een dagdeel dat voorbereiding vraagt, zoals ingesteld"),
    PLACES,
    _preparation,
    _preparation_example,
)
TOMORROW = TextKind(
    "enrolment.tomorrow",
    _l("Herinnering aan het dagdeel"),
    _l("De dag ervoor, of zoals ingesteld"),
    PLACES,
    _tomorrow,
    _tomorrow_example,
)
TRAINER = TextKind(
    "enrolment.trainer",
    _l("Aan de trainer, de dag ervoor"),
    _l("Samen met de herinnering aan de deelnemers"),
    {name: PLACES[name] for name in ("naam", "training", "datum", "wanneer")},
    _trainer,
    _trainer_example,
)
KINDS = (PRACTICAL, PREPARATION, TOMORROW, TRAINER)
