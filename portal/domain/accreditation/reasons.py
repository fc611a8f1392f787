"""Why points count, wait or do not count: a code that is kept, and its sentence in the reader's language."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from babel.dates import format_date

from portal.language import _, _n, spoken


class Verdict(StrEnum):
    """pending: not known yet, because the meeting is ahead or its list is not finished."""

    COUNTS = "counts"
    PENDING = "pending"
    REFUSED = "refused"


class Reason(StrEnum):
    """Kept with every award. A code that was ever kept stays: what was decided must remain readable."""

    ATTENDED_FULLY = "attended_fully"
    ATTENDED_ENOUGH = "attended_enough"
    WHOLE_COURSE_ATTENDED = "whole_course_attended"
    AHEAD = "ahead"
    LIST_OPEN = "list_open"
    NOT_ACCREDITED = "not_accredited"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    ABSENT = "absent"
    EXCUSED = "excused"
    TOO_SHORT = "too_short"
    PREPARATION_MISSING = "preparation_missing"
    TEST_MISSING = "test_missing"
    MODULES_MISSING = "modules_missing"
    COUNTED_ELSEWHERE = "counted_elsewhere"


COUNTING = frozenset({Reason.ATTENDED_FULLY, Reason.ATTENDED_ENOUGH, Reason.WHOLE_COURSE_ATTENDED})
WAITING = frozenset({Reason.AHEAD, Reason.LIST_OPEN})


def verdict_of(reason: Reason) -> Verdict:
    """What the reason means for the points."""
    if reason in COUNTING:
        return Verdict.COUNTS
    return Verdict.PENDING if reason in WAITING else Verdict.REFUSED


def in_words(reason: Reason, facts: Mapping[str, Any]) -> str:
    """'Telt mee, want je was er op 4 maart 2027 helemaal bij.' `facts` are those of the award, as kept."""
    because = _because(reason, facts)
    sentences = {
        Verdict.COUNTS: _("Telt mee, want %(because)s.", because=because),
        Verdict.PENDING: _("Telt nog niet mee, want %(because)s.", because=because),
        Verdict.REFUSED: _("Telt niet mee, want %(because)s.", because=because),
    }
    return " ".join(part for part in (str(sentences[verdict_of(reason)]), _elsewhere(facts.get("elsewhere"))) if part)


def _elsewhere(there: Mapping[str, Any] | None) -> str:
    """Where it was taken or made up, when that was in another edition; else ''."""
    if not there:
        return ""
    place = there["place"] or _("online")
    if there["missed_on"]:
        return str(_("Ingehaald: %(place)s, want je miste %(day)s.", place=place, day=_day(there["missed_on"])))
    return str(_("Geruild naar een andere uitvoering: %(place)s.", place=place))


def _because(reason: Reason, facts: Mapping[str, Any]) -> str:
    if reason in COUNTING or reason in WAITING:
        return _because_of_presence(reason, facts)
    if reason in (Reason.NOT_ACCREDITED, Reason.NOT_YET_VALID, Reason.EXPIRED):
        return _because_of_accreditation(reason, facts)
    return _because_of_what_is_missing(reason, facts)


def _because_of_presence(reason: Reason, facts: Mapping[str, Any]) -> str:
    held = _day(facts.get("held_on"))
    sentences = {
        Reason.ATTENDED_FULLY: _("je was er op %(day)s helemaal bij", day=held),
        Reason.ATTENDED_ENOUGH: _(
            "je was er op %(day)s %(attended)s van de %(contact)s minuten bij en %(threshold)s%% is genoeg",
            day=held,
            attended=facts.get("attended_minutes"),
            contact=facts.get("contact_minutes"),
            threshold=facts.get("threshold_percent"),
        ),
        Reason.WHOLE_COURSE_ATTENDED: _n(
            "je deed de hele training, op %(day)s",
            "je deed alle %(num)s dagdelen, het laatste op %(day)s",
            int(facts.get("modules", 1)),
            day=held,
        ),
        Reason.AHEAD: _("de bijeenkomst van %(day)s is nog niet geweest", day=held),
        Reason.LIST_OPEN: _("de presentielijst van %(day)s is nog niet afgerond", day=held),
    }
    return str(sentences[reason])


def _because_of_accreditation(reason: Reason, facts: Mapping[str, Any]) -> str:
    sentences = {
        Reason.NOT_ACCREDITED: _("%(register)s heeft dit niet geaccrediteerd", register=facts.get("register")),
        Reason.NOT_YET_VALID: _(
            "de accreditatie ging pas in op %(from_day)s en de bijeenkomst was op %(day)s",
            from_day=_day(facts.get("valid_from")),
            day=_day(facts.get("held_on")),
        ),
        Reason.EXPIRED: _("de accreditatie liep af op %(day)s", day=_day(facts.get("valid_until"))),
    }
    return str(sentences[reason])


def _because_of_what_is_missing(reason: Reason, facts: Mapping[str, Any]) -> str:
    held = _day(facts.get("held_on"))
    sentences = {
        Reason.ABSENT: _("je was er op %(day)s niet bij", day=held),
        Reason.EXCUSED: _("je was voor %(day)s afgemeld", day=held),
        Reason.TOO_SHORT: _(
            "je was er op %(day)s %(attended)s van de %(contact)s minuten bij en %(threshold)s%% is nodig",
            day=held,
            attended=facts.get("attended_minutes"),
            contact=facts.get("contact_minutes"),
            threshold=facts.get("threshold_percent"),
        ),
        Reason.PREPARATION_MISSING: _("de voorbereiding voor %(day)s is niet afgevinkt", day=held),
        Reason.TEST_MISSING: _("de toets is nog niet gehaald"),
        Reason.MODULES_MISSING: _(
            "de punten gelden voor de hele training, en je deed %(attended)s van de %(modules)s dagdelen",
            attended=facts.get("modules_attended"),
            modules=facts.get("modules"),
        ),
        Reason.COUNTED_ELSEWHERE: _("deze punten tellen al mee bij een andere accreditatie van deze training"),
    }
    return str(sentences[reason])


def _day(iso: Any) -> str:
    return format_date(date.fromisoformat(iso), "d MMMM y", locale=spoken()) if isinstance(iso, str) else ""
