"""The rules of certificates: states, who gets what, numbers, names."""

from datetime import date

import pytest

from portal.domain.certificates.initials import with_initials
from portal.domain.certificates.rules import (
    CertificateState,
    Hindrance,
    Readiness,
    SeatFacts,
    Standing,
    as_continuation,
    attendance_percent,
    certificate_number,
    common_period,
    may_become,
    readiness,
    unit_of,
)

VALID, REVOKED, REPLACED = CertificateState.VALID, CertificateState.REVOKED, CertificateState.REPLACED


def seats(*marks: bool | None, finished: bool = True) -> list[SeatFacts]:
    """Seats in modules 1, 2, ...: there, not there, or not marked."""
    return [SeatFacts(position, finished, present) for position, present in enumerate(marks, start=1)]


def test_a_certificate_only_ever_goes_from_valid_to_its_end():
    allowed = {(now, then) for now in CertificateState for then in CertificateState if may_become(now, then)}
    assert allowed == {(VALID, REVOKED), (VALID, REPLACED)}


def test_who_attended_every_module_is_ready_for_the_whole():
    assert readiness(seats(True, True, True, True), 4) == Readiness(Standing.READY, whole=True, attended=4, modules=4)


def test_who_missed_a_module_is_ready_for_a_part():
    assert readiness(seats(True, False, True, True), 4) == Readiness(Standing.READY, attended=3, modules=4)


def test_who_booked_single_modules_is_ready_for_a_part():
    assert readiness(seats(True, True), 4) == Readiness(Standing.READY, attended=2, modules=4)


@pytest.mark.parametrize(
    ("held", "states", "hindrance", "positions"),
    [
        ([], [], Hindrance.NO_SEATS, ()),
        (seats(True, True, finished=False), [], Hindrance.OPEN_SHEET, (1, 2)),
        ([*seats(True), SeatFacts(3, False, True)], [], Hindrance.OPEN_SHEET, (3,)),
        (seats(True, None), [], Hindrance.NOT_MARKED, (2,)),
        (seats(False, False), [], Hindrance.NOBODY_THERE, ()),
        (seats(True, True), [REVOKED], Hindrance.REVOKED, ()),
        (seats(True, True), [REPLACED, REVOKED], Hindrance.REVOKED, ()),
        # What must be mended first is said first.
        (seats(False, False, finished=False), [REVOKED], Hindrance.OPEN_SHEET, (1, 2)),
    ],
)
def test_what_keeps_somebody_from_a_certificate_is_named(held, states, hindrance, positions):
    found = readiness(held, 2, states)
    assert (found.standing, found.hindrance, found.positions) == (Standing.BLOCKED, hindrance, positions)


@pytest.mark.parametrize("states", [[VALID], [REVOKED, VALID], [REPLACED, VALID]])
def test_who_has_a_valid_certificate_is_done_whatever_came_before(states):
    assert readiness(seats(True, True), 2, states).standing == Standing.ISSUED


@pytest.mark.parametrize(
    ("serial", "number"), [(1, "EKC-2027-0001"), (9999, "EKC-2027-9999"), (10000, "EKC-2027-10000")]
)
def test_numbers_count_within_a_year(serial, number):
    assert certificate_number(2027, serial) == number


@pytest.mark.parametrize(
    ("parts", "percent"), [([(210, 210), (210, 210)], 100), ([(209, 210), (210, 210)], 99), ([(0, 210)], 0), ([], 0)]
)
def test_a_hundred_percent_means_that_nothing_was_missed(parts, percent):
    assert attendance_percent(parts) == percent


@pytest.mark.parametrize(
    ("periods", "together"),
    [
        ([(date(2024, 1, 1), date(2026, 12, 31))], (date(2024, 1, 1), date(2026, 12, 31))),
        ([(date(2024, 1, 1), None), (date(2025, 1, 1), date(2027, 1, 1))], (date(2025, 1, 1), date(2027, 1, 1))),
        ([(None, date(2024, 12, 31)), (date(2025, 1, 1), None)], (None, None)),
        ([(None, None)], (None, None)),
    ],
)
def test_several_accreditations_hold_together_where_they_overlap(periods, together):
    assert common_period(periods) == together


@pytest.mark.parametrize(("minutes", "unit"), [([210, 210], "dagdeel"), ([420], "onderdeel"), ([], "dagdeel")])
def test_only_half_days_are_called_dagdeel(minutes, unit):
    assert unit_of(minutes) == unit


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Dewi Hardjo", "D. Hardjo"),
        ("Jan Peter van den Berg", "J. P. van den Berg"),
        ("Thijs ter Horst", "T. ter Horst"),
        ("Anna in 't Veld", "A. in 't Veld"),
        ("Anna in ’t Veld", "A. in ’t Veld"),
        ("IJsbrand de Vries", "IJ. de Vries"),
        ("Jean-Éric D'Angélo", "J.-É. D'Angélo"),
        ("Şule Yılmaz-Škrabáková", "Ş. Yılmaz-Škrabáková"),
        ("Seán Ó Briain", "S. Ó Briain"),
        ("Ó Briain", "Ó Briain"),
        ("Nguyễn Thị Ánh", "N. T. Ánh"),
        ("E\u0301milie Dubois", "É. Dubois"),
        ("Suharto", "Suharto"),
        ("王小明", "王小明"),
        ("فاطمة الزهراء", "ف. الزهراء"),
        ("किरण शर्मा", "कि. शर्मा"),
        ("👩‍🚀 Jansen", "Jansen"),
        ("<b>Jan</b> Vries", "B. Vries"),
        ("", ""),
    ],
)
def test_strangers_read_initials_and_surname(name, shown):
    assert with_initials(name) == shown


@pytest.mark.parametrize(
    ("text", "following"),
    [("Doorvragen naar mensen", "doorvragen naar mensen"), ("EK-2 geven", "EK-2 geven"), ("", ""), ("A", "A")],
)
def test_what_was_learned_follows_in_the_middle_of_a_sentence(text, following):
    assert as_continuation(text) == following
