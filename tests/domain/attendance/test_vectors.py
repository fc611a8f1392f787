"""One file of cases for the server's rules of a mark and for those of the page's script (tests/journeys)."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from portal.domain.attendance.rules import Mark, Status, problem_of, tidy
from portal.domain.attendance.tap_rules import Answer, judge

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "marks.json").read_text("utf-8"))
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def mark_from(facts: dict[str, Any]) -> Mark:
    return Mark(**{**facts, "status": Status(facts["status"]) if facts["status"] else None})


@pytest.mark.parametrize("case", VECTORS["marks"])
def test_the_server_says_what_the_vectors_say(case: dict[str, Any]):
    mark = tidy(mark_from(case["mark"]))
    assert mark == mark_from(case["tidy"])
    assert problem_of(mark, lasts_minutes=case["lasts"]) == case["problem"]


@pytest.mark.parametrize("case", VECTORS["order"])
def test_of_two_choices_the_later_stands(case: dict[str, Any]):
    at, changed = (EPOCH + timedelta(milliseconds=case[name]) for name in ("at", "changed_at"))
    answer = judge(at, changed, starts_at=EPOCH, finished=False, complete=True)
    assert (answer == Answer.KEPT) == case["stands"]
