"""What there is to make up for, and what another date brings: tables, without a database."""

from datetime import date

import pytest

from portal.domain.accreditation.make_up_rules import Prospect, Why, prospects, why_make_up
from portal.domain.accreditation.make_up_words import prospect_in_words
from portal.domain.accreditation.reasons import Reason
from portal.domain.accreditation.rules import Grant
from portal.domain.attendance.rules import NOT_MARKED, Mark, Status
from portal.language import speaking

HELD, LATER = date(2027, 3, 11), date(2027, 5, 13)
UNTIL_APRIL = date(2027, 4, 30)
ABSENT, EXCUSED, PRESENT = Mark(Status.ABSENT), Mark(Status.EXCUSED), Mark(Status.PRESENT)
LATE = Mark(Status.LATE, minutes_late=18)
ALL, NINE_TENTHS = Grant(1, "SKJ", 4, module_id=2), Grant(2, "Registerplein", 4, module_id=2, threshold_percent=90)
OVER = Grant(3, "SKJ", 4, module_id=2, valid_until=date(2027, 3, 10))


@pytest.mark.parametrize(
    ("mark", "has_ended", "grants", "why"),
    [
        (ABSENT, True, [], Why.MISSED),
        (EXCUSED, True, [], Why.MISSED),
        (ABSENT, False, [], None),
        (NOT_MARKED, True, [ALL], None),
        (PRESENT, True, [ALL], None),
        (LATE, True, [], None),
        (LATE, True, [NINE_TENTHS], None),
        (LATE, True, [ALL], Why.TOO_SHORT),
        (LATE, True, [NINE_TENTHS, ALL], Why.TOO_SHORT),
        # What no register would have counted that day anyway was long enough.
        (LATE, True, [OVER], None),
        (LATE, False, [ALL], None),
    ],
)
def test_what_was_missed_or_too_short_may_be_made_up(mark, has_ended, grants, why):
    assert why_make_up(mark, has_ended=has_ended, held_on=HELD, contact_minutes=180, grants=grants) == why


def looked_at(*grants: Grant, registers: tuple[str, ...] = (), other_days: tuple[date, ...] = ()) -> list[Prospect]:
    return prospects(2, LATER, other_days=other_days, grants=grants, registers=registers)


def test_every_register_says_what_the_date_brings(app):
    ends = Grant(4, "Registerplein", 4, module_id=2, valid_until=UNTIL_APRIL)
    found = looked_at(ALL, ends, registers=("SKJ", "KNMT"))
    assert found == [
        Prospect("KNMT", problem=Reason.NOT_ACCREDITED),
        Prospect("Registerplein", 4, problem=Reason.EXPIRED, ends_on=UNTIL_APRIL),
        Prospect("SKJ", 4),
    ]
    assert [one.holds for one in found] == [False, False, True]
    with speaking("nl"):
        assert [prospect_in_words(one) for one in found] == [
            "Geen punten KNMT: dit is daar niet geaccrediteerd",
            "Geen punten Registerplein: de accreditatie loopt af op 30 april 2027",
            "4 punten SKJ",
        ]


def test_of_two_periods_the_one_that_holds_counts():
    before = Grant(5, "SKJ", 4, module_id=2, valid_until=UNTIL_APRIL)
    after = Grant(6, "SKJ", 5, module_id=2, valid_from=date(2027, 5, 1))
    assert looked_at(before, after) == [Prospect("SKJ", 5, begins_on=date(2027, 5, 1))]


def test_one_that_begins_later_does_not_hold(app):
    (found,) = looked_at(Grant(7, "SKJ", 4, module_id=2, valid_from=date(2027, 6, 1)))
    assert (found.problem, found.begins_on) == (Reason.NOT_YET_VALID, date(2027, 6, 1))
    with speaking("nl"):
        assert prospect_in_words(found) == "Geen punten SKJ: de accreditatie gaat pas in op 1 juni 2027"


@pytest.mark.parametrize(("other_day", "holds"), [(date(2027, 3, 4), False), (date(2027, 5, 6), True)])
def test_a_grant_for_the_whole_must_hold_on_all_days(app, other_day, holds):
    whole = Grant(8, "SKJ", 13, valid_from=date(2027, 5, 1))
    (found,) = looked_at(whole, other_days=(other_day,))
    assert (found.holds, found.points, found.for_whole) == (holds, 13, True)
    if holds:
        with speaking("nl"):
            assert prospect_in_words(found) == "Telt mee voor de 13 punten SKJ van de hele training"


def test_a_grant_of_another_module_brings_nothing_here():
    assert looked_at(Grant(9, "SKJ", 5, module_id=3)) == [Prospect("SKJ", problem=Reason.NOT_ACCREDITED)]
