"""Marks in words."""

import pytest
from flask import Flask

from portal.domain.attendance.mark_words import counts_in_words, mark_in_words
from portal.domain.attendance.rules import NOT_MARKED, Mark, Status
from portal.language import speaking


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        (NOT_MARKED, "Nog niet ingevuld"),
        (Mark(Status.PRESENT), "Aanwezig"),
        (Mark(Status.EXCUSED, excuse="Ziek"), "Afgemeld"),
        (Mark(Status.LATE, 1), "Te laat (1 minuut)"),
        (Mark(Status.LATE, 10, 5), "Te laat (10 minuten), 5 minuten eerder weg"),
        (Mark(Status.LEFT_EARLY, 0, 5), "Eerder weg (5 minuten)"),
        (Mark(Status.LEFT_EARLY, 10, 5), "Eerder weg (5 minuten), 10 minuten te laat"),
    ],
)
def test_a_mark_reads_as_one_says_it(app: Flask, mark: Mark, words: str):
    assert mark_in_words(mark, preparation=False) == words
    assert mark_in_words(mark, preparation=True) == f"{words}, voorbereiding niet gedaan"


def test_preparation_and_english(app: Flask):
    with speaking("en"):
        words = mark_in_words(Mark(Status.LATE, 10, preparation_done=True), preparation=True)
    assert words == "Late (10 minutes), preparation done"


def test_counts_are_in_one_order_and_leave_out_nobody(app: Flask):
    marks = [Mark(Status.ABSENT), Mark(Status.PRESENT), Mark(Status.LATE, 5), Mark(Status.PRESENT)]
    assert counts_in_words(marks) == [("Aanwezig", 2), ("Te laat", 1), ("Afwezig", 1)]
