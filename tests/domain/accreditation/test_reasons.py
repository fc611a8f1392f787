"""The reasons in words, in both languages."""

import pytest
from flask import Flask

from portal.domain.accreditation.reasons import Reason, in_words
from portal.language import speaking

FACTS = {
    "held_on": "2027-03-04",
    "register": "SKJ",
    "valid_from": "2028-01-01",
    "valid_until": "2024-12-31",
    "threshold_percent": 90,
    "contact_minutes": 210,
    "attended_minutes": 200,
    "modules": 4,
    "modules_attended": 3,
}
SENTENCES = {
    Reason.ATTENDED_FULLY: "Telt mee, want je was er op 4 maart 2027 helemaal bij.",
    Reason.ATTENDED_ENOUGH: ("Telt mee, want je was er op 4 maart 2027 200 van de 210 minuten bij en 90% is genoeg."),
    Reason.WHOLE_COURSE_ATTENDED: "Telt mee, want je deed alle 4 dagdelen, het laatste op 4 maart 2027.",
    Reason.AHEAD: "Telt nog niet mee, want de bijeenkomst van 4 maart 2027 is nog niet geweest.",
    Reason.LIST_OPEN: "Telt nog niet mee, want de presentielijst van 4 maart 2027 is nog niet afgerond.",
    Reason.NOT_ACCREDITED: "Telt niet mee, want SKJ heeft dit niet geaccrediteerd.",
    Reason.NOT_YET_VALID: (
        "Telt niet mee, want de accreditatie ging pas in op 1 januari 2028 en de bijeenkomst was op 4 maart 2027."
    ),
    Reason.EXPIRED: "Telt niet mee, want de accreditatie liep af op 31 december 2024.",
    Reason.ABSENT: "Telt niet mee, want je was er op 4 maart 2027 niet bij.",
    Reason.EXCUSED: "Telt niet mee, want je was voor 4 maart 2027 afgemeld.",
    Reason.TOO_SHORT: ("Telt niet mee, want je was er op 4 maart 2027 200 van de 210 minuten bij en 90% is nodig."),
    Reason.PREPARATION_MISSING: "Telt niet mee, want de voorbereiding voor 4 maart 2027 is niet afgevinkt.",
    Reason.TEST_MISSING: "Telt niet mee, want de toets is nog niet gehaald.",
    Reason.MODULES_MISSING: (
        "Telt niet mee, want de punten gelden voor de hele training, en je deed 3 van de 4 dagdelen."
    ),
    Reason.COUNTED_ELSEWHERE: (
        "Telt niet mee, want deze punten tellen al mee bij een andere accreditatie van deze training."
    ),
}


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_its_sentence(portal: Flask, reason: Reason):
    with portal.app_context():
        assert in_words(reason, FACTS) == SENTENCES[reason]


def test_a_training_of_one_module_is_not_counted_in_dagdelen(portal: Flask):
    with portal.app_context():
        sentence = in_words(Reason.WHOLE_COURSE_ATTENDED, {**FACTS, "modules": 1})
    assert sentence == "Telt mee, want je deed de hele training, op 4 maart 2027."


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_can_be_said_in_english(portal: Flask, reason: Reason):
    with portal.app_context(), speaking("en"):
        assert "maart" not in in_words(reason, FACTS)
