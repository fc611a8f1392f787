"""By hand: from what counts to what the register accepted, and what changed in between."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal import audit
from portal.audit.models import AuditEntry
from portal.db import db, transaction
from portal.domain.accounts.models import RegisterNumber
from portal.domain.attendance.rules import Status
from portal.domain.catalogue.models import Accreditation
from portal.domain.enrolment.register_numbers import correct_register_number
from portal.domain.handover import commands
from portal.domain.handover.commands import Said, leave, match_pasted, send_again, settle_change
from portal.domain.handover.models import Handover, HandoverRow
from portal.domain.handover.queries import get_head, list_editions, list_handovers
from portal.domain.handover.refusals import SaidNo
from portal.domain.handover.rows import boxes_of
from portal.domain.handover.rules import OPEN, Refusal, RowState, Way
from portal.errors import Conflict, NotFound, Refused
from tests import factories
from tests.certificate_scenes import NOW, given_edition
from tests.handover_scenes import OFFICE, amend, give_number, hand_over, rows_of, said, settle, settled_edition, states

TWO = ("Dewi Hardjo", "Jan van den Berg")


def on_the_list(**filters):
    """(register, edition) of what the office's list shows, which must be what the rules call open."""
    db.session.rollback()
    found = {(one.register, one.edition_id): one for one in list_editions(NOW, 14, **filters).rows}
    for one in found.values():
        assert any(one.counts[state] for state in OPEN) or filters.get("everything")
    return set(found)


def test_skj_takes_one_list_for_the_edition_and_pe_online_one_for_each_dagdeel(app):
    scene = settled_edition(TWO, absent=[(1, 2)])
    skj = rows_of(scene, "SKJ")
    assert [(row.name, row.positions, row.points, row.number) for row in skj] == [
        ("Dewi Hardjo", (1, 2, 3, 4), 19, "110001"),
        ("Jan van den Berg", (1, 3, 4), 15, "110002"),
    ]
    assert [(box.positions, box.numbers) for box in boxes_of(skj)] == [
        ((1, 2, 3, 4), ("110001",)),
        ((1, 3, 4), ("110002",)),
    ]
    plein = boxes_of(rows_of(scene, "Registerplein"))
    assert [(box.positions, box.points, box.numbers) for box in plein] == [
        ((1,), 4, ("46101", "46102")),
        ((2,), 4, ("46101",)),
        ((3,), 5, ("46101", "46102")),
        ((4,), 6, ("46101", "46102")),
    ]
    assert [box.held.meeting_id for box in plein] == [meeting.id for meeting in scene.meetings]


def test_an_accreditation_for_the_whole_is_one_list_at_pe_online_too(app):
    scene = given_edition(["Dewi Hardjo"], registers=())
    factories.accreditation(scene.course, "Registerplein", 19)
    give_number(scene.enrolments[0], "Registerplein", "46101")
    settle(scene)
    assert [(row.positions, row.module_id, row.points) for row in rows_of(scene, "Registerplein")] == [((), None, 19)]


def test_who_has_no_number_is_named_and_keeps_no_edition_open(app):
    scene = settled_edition()
    give_number(scene.enrolments[0], "SKJ", "")
    assert states(scene) == {"Dewi Hardjo": RowState.NO_NUMBER}
    assert boxes_of(rows_of(scene)) == []
    assert ("SKJ", scene.edition.id) not in on_the_list()
    assert ("SKJ", scene.edition.id) in on_the_list(everything=True)


def test_without_a_number_of_the_enrolment_that_of_the_profile_is_told(app):
    scene = settled_edition()
    give_number(scene.enrolments[0], "SKJ", "")
    factories.add(RegisterNumber(person_id=scene.people[0].id, register_code="SKJ", number="119999"))
    db.session.commit()
    assert [(row.number, row.state) for row in rows_of(scene)] == [("119999", RowState.TO_SEND)]


def test_what_the_register_did_not_accredit_is_not_listed(app):
    scene = settled_edition(registers=("SKJ",))
    factories.register("Registerplein")
    db.session.commit()
    assert rows_of(scene, "Registerplein") == []
    assert not get_head("Registerplein", scene.edition.id, 14).accredited
    assert get_head("SKJ", scene.edition.id, 14).accredited
    assert on_the_list() == {("SKJ", scene.edition.id)}


def test_an_accreditation_that_ended_between_two_meetings_leaves_out_the_later_ones(app):
    scene = given_edition(["Dewi Hardjo"])
    give_number(scene.enrolments[0], "Registerplein", "46101")
    for grant in db.session.scalars(select(Accreditation)):
        grant.valid_until = date(2026, 3, 12)
    db.session.commit()
    settle(scene)
    assert [(row.positions, row.points) for row in rows_of(scene)] == [((1, 2), 8)]
    assert [row.positions for row in rows_of(scene, "Registerplein")] == [(1,), (2,)]


def test_handed_over_answered_and_only_the_refused_again(app):
    scene = settled_edition(TWO)
    hand_over(scene)
    assert set(states(scene).values()) == {RowState.SENT}
    assert ("SKJ", scene.edition.id) in on_the_list()
    said(scene, "SKJ", {"Jan van den Berg": Refusal.UNKNOWN_NUMBER})
    assert states(scene) == {"Dewi Hardjo": RowState.ACCEPTED, "Jan van den Berg": RowState.REFUSED}
    enrolment_id = scene.enrolments[1].id
    with transaction():
        correct_register_number(enrolment_id=enrolment_id, register="SKJ", number="110 777", actor=OFFICE, now=NOW)
    assert [box.numbers for box in boxes_of(rows_of(scene))] == [("110777",)]
    again = hand_over(scene)
    assert [row.number for row in db.session.scalars(select(HandoverRow).filter_by(handover_id=again.id))] == ["110777"]
    said(scene, "SKJ")
    assert set(states(scene).values()) == {RowState.ACCEPTED}
    assert ("SKJ", scene.edition.id) not in on_the_list()
    history, _pages = list_handovers("SKJ", scene.edition.id)
    assert [(one.way, one.total, one.accepted, one.refused) for one in history] == [
        ("hand", 1, 1, 0),
        ("hand", 2, 1, 1),
    ]


def test_a_number_that_the_person_mends_in_their_profile_brings_the_row_back(app):
    scene = settled_edition()
    hand_over(scene)
    said(scene, "SKJ", {"Dewi Hardjo": Refusal.UNKNOWN_NUMBER})
    factories.add(RegisterNumber(person_id=scene.people[0].id, register_code="SKJ", number="118888"))
    db.session.commit()
    assert [(row.number, row.state) for row in rows_of(scene)] == [("118888", RowState.TO_SEND)]
    hand_over(scene)
    said(scene, "SKJ")
    assert states(scene) == {"Dewi Hardjo": RowState.ACCEPTED}


def test_the_wrong_chamber_is_closed_and_opens_again_with_another_number(app):
    scene = settled_edition()
    hand_over(scene)
    said(scene, "SKJ", {"Dewi Hardjo": Refusal.WRONG_CHAMBER})
    (row,) = rows_of(scene)
    assert row.reason == Refusal.WRONG_CHAMBER
    with transaction():
        leave(row_id=row.row_id, actor=OFFICE, now=NOW)
    assert states(scene) == {"Dewi Hardjo": RowState.LEFT}
    assert on_the_list(register="SKJ") == set()
    with transaction(), pytest.raises(Conflict):
        leave(row_id=row.row_id, actor=OFFICE, now=NOW)
    give_number(scene.enrolments[0], "SKJ", "117777")
    assert states(scene) == {"Dewi Hardjo": RowState.TO_SEND}
    assert on_the_list(register="SKJ") == {("SKJ", scene.edition.id)}


def test_a_refused_row_is_sent_again_as_it_is_when_the_office_says_so(app):
    scene = settled_edition()
    hand_over(scene)
    said(scene, "SKJ", {"Dewi Hardjo": Refusal.NOT_REGISTERED})
    (row,) = rows_of(scene)
    with transaction():
        send_again(row_id=row.row_id, actor=OFFICE, now=NOW)
    assert states(scene) == {"Dewi Hardjo": RowState.TO_SEND}
    hand_over(scene)
    with transaction(), pytest.raises(Conflict):
        send_again(row_id=row.row_id, actor=OFFICE, now=NOW)


@pytest.mark.parametrize("answered", [False, True])
def test_an_attendance_that_is_corrected_after_the_hand_over_is_said_loudly(app, answered):
    scene = settled_edition()
    hand_over(scene)
    if answered:
        said(scene, "SKJ")
    amend(scene, 0, 2, Status.ABSENT)
    (row,) = rows_of(scene)
    assert (row.state, row.was_points, row.points) == (RowState.CHANGED, 19, 15)
    assert ("SKJ", scene.edition.id) in on_the_list()
    with transaction(), pytest.raises(Conflict):
        settle_change(row_id=row.row_id, points=19, number=row.number, note="", actor=OFFICE, now=NOW)
    with transaction():
        settle_change(row_id=row.row_id, points=15, number=row.number, note="Gebeld", actor=OFFICE, now=NOW)
    assert states(scene) == {"Dewi Hardjo": RowState.ACCEPTED}
    assert [one.way for one in list_handovers("SKJ", scene.edition.id)[0]] == [Way.CORRECTION, Way.HAND]


def test_points_that_are_taken_away_altogether_stay_until_they_are_taken_back_there(app):
    scene = settled_edition(modules=1)
    hand_over(scene, on=date(2026, 3, 6))
    said(scene, "SKJ")
    amend(scene, 0, 1, Status.ABSENT)
    (row,) = rows_of(scene)
    assert (row.state, row.points, row.was_points) == (RowState.CHANGED, 0, 4)
    assert ("SKJ", scene.edition.id) in on_the_list()
    with transaction():
        settle_change(row_id=row.row_id, points=0, number=row.number, note="", actor=OFFICE, now=NOW)
    assert rows_of(scene) == []
    assert ("SKJ", scene.edition.id) not in on_the_list()
    amend(scene, 0, 1, Status.PRESENT)
    assert states(scene) == {"Dewi Hardjo": RowState.TO_SEND}
    assert ("SKJ", scene.edition.id) in on_the_list()


def test_of_one_dagdeel_at_pe_online_only_that_row_changes(app):
    scene = settled_edition()
    hand_over(scene, "Registerplein")
    said(scene, "Registerplein")
    amend(scene, 0, 2, Status.ABSENT)
    assert [(row.positions, row.state) for row in rows_of(scene, "Registerplein")] == [
        ((1,), RowState.ACCEPTED),
        ((2,), RowState.CHANGED),
        ((3,), RowState.ACCEPTED),
        ((4,), RowState.ACCEPTED),
    ]


@pytest.mark.parametrize(
    ("on", "field"), [(NOW.date() + timedelta(days=1), "on"), (date(2026, 3, 25), "on")], ids=["to come", "too early"]
)
def test_a_day_that_cannot_be_is_refused_at_its_field(app, on, field):
    scene = settled_edition()
    with pytest.raises(Refused) as refused:
        hand_over(scene, on=on)
    assert refused.value.field == field
    assert db.session.scalars(select(Handover)).all() == []


def test_an_edition_with_an_open_list_or_a_meeting_to_come_cannot_be_handed_over(app):
    scene = settled_edition(open_sheets=[4])
    with pytest.raises(Refused, match="afgerond"):
        hand_over(scene)
    early = NOW - timedelta(days=9)
    with pytest.raises(Refused, match="laatste bijeenkomst"):
        hand_over(scene, now=early)
    assert states(scene, "Registerplein")
    hand_over(scene, "Registerplein")


def test_who_is_second_hears_it_and_nobody_is_handed_over_twice(app):
    scene = settled_edition(TWO)
    keys = [row.key for row in rows_of(scene)]
    hand_over(scene)
    edition_id = scene.edition.id
    values = {
        "register": "SKJ",
        "edition_id": edition_id,
        "on": date(2026, 3, 30),
        "note": "",
        "actor": OFFICE,
        "now": NOW,
    }
    with transaction(), pytest.raises(Conflict):
        commands.hand_over(keys=keys, **values)
    with transaction(), pytest.raises(Refused):
        commands.hand_over(keys=[], **values)
    with transaction(), pytest.raises(Refused):
        commands.hand_over(keys=keys, **values | {"note": "x" * 501})
    with transaction(), pytest.raises(NotFound):
        commands.hand_over(keys=keys, **values | {"register": "BIG"})


def test_a_list_of_which_one_person_is_no_longer_to_be_sent_is_handed_over_by_nobody(app):
    scene = settled_edition(TWO)
    keys = [row.key for row in rows_of(scene)]
    values = {"register": "SKJ", "edition_id": scene.edition.id, "on": date(2026, 3, 30), "note": "", "actor": OFFICE}
    with transaction():
        commands.hand_over(keys=keys[:1], now=NOW, **values)
    with transaction(), pytest.raises(Conflict):
        commands.hand_over(keys=keys, now=NOW, **values)
    assert set(states(scene).values()) == {RowState.SENT, RowState.TO_SEND}


def test_an_answer_of_somebody_who_waits_for_none_is_a_conflict(app):
    scene = settled_edition()
    hand_over(scene)
    (row,) = rows_of(scene)
    said(scene, "SKJ")
    values = {"register": "SKJ", "edition_id": scene.edition.id, "actor": OFFICE, "now": NOW}
    with transaction(), pytest.raises(Conflict):
        commands.note_answers(said={row.row_id: Said()}, **values)
    with transaction(), pytest.raises(Refused):
        commands.note_answers(said={}, **values)


def test_pasted_numbers_find_their_rows_and_strange_ones_are_named(app):
    scene = settled_edition(TWO)
    hand_over(scene, "Registerplein")
    rows = rows_of(scene, "Registerplein")
    found = match_pasted(rows, [SaidNo("46102", Refusal.UNKNOWN_NUMBER, "onbekend")])
    assert {row.name for row in rows if row.row_id in found} == {"Jan van den Berg"}
    assert len(found) == 4
    with pytest.raises(Refused, match="999") as refused:
        match_pasted(rows, [SaidNo("999", Refusal.OTHER), SaidNo("46102", Refusal.OTHER)])
    assert refused.value.field == "pasted"


@pytest.mark.parametrize("number", ["", "  ", "1" * 41, "111222333"])
def test_a_number_that_cannot_be_kept_is_refused(app, number):
    scene = settled_edition()
    with transaction(), pytest.raises(Refused) as refused:
        correct_register_number(
            enrolment_id=scene.enrolments[0].id, register="SKJ", number=number, actor=OFFICE, now=NOW
        )
    assert refused.value.field == "number"


def test_everything_is_logged_and_the_log_names_nobody(app):
    scene = settled_edition(TWO)
    hand_over(scene)
    said(scene, "SKJ", {"Jan van den Berg": Refusal.UNKNOWN_NUMBER})
    row = next(row for row in rows_of(scene) if row.state == RowState.REFUSED)
    with transaction():
        send_again(row_id=row.row_id, actor=OFFICE, now=NOW)
    with transaction():
        correct_register_number(enrolment_id=row.enrolment_id, register="SKJ", number="11077123", actor=OFFICE, now=NOW)
    amend(scene, 0, 2, Status.ABSENT)
    changed = next(row for row in rows_of(scene) if row.state == RowState.CHANGED)
    with transaction():
        settle_change(row_id=changed.row_id, points=15, number="110001", note="Dewi", actor=OFFICE, now=NOW)
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()
    tags = [entry.tag for entry in entries if entry.tag.startswith(("handover.", "enrolment.register"))]
    assert tags == [
        "handover.by_hand",
        "handover.answers_noted",
        "handover.row_reopened",
        "enrolment.register_number_corrected",
        "handover.change_settled",
    ]
    written = " ".join(entry.payload for entry in entries if entry.tag in tags)
    for secret in ("110001", "110002", "11077123", "Dewi", "Jan"):
        assert secret not in written.replace("sha256", "")
    assert audit.verify() is None


def test_the_office_sees_the_same_editions_as_the_rules(app, count_queries):
    """The list is chosen in SQL and counted by the rules; both must agree, also after everything that can happen."""
    scene = settled_edition([*TWO, "Rachid El Amrani", "Zoë de Wit", "Wim Visser"])
    hand_over(scene)
    said(scene, "SKJ", {"Jan van den Berg": Refusal.UNKNOWN_NUMBER, "Zoë de Wit": Refusal.WRONG_CHAMBER})
    amend(scene, 2, 1, Status.ABSENT)
    give_number(scene.enrolments[4], "SKJ", "119119")
    assert on_the_list() == {("SKJ", scene.edition.id), ("Registerplein", scene.edition.id)}
    assert set(states(scene).values()) == {RowState.ACCEPTED, RowState.REFUSED, RowState.CHANGED}
    with count_queries() as few:
        list_editions(NOW, 14)
    for _more in range(3):
        settled_edition(TWO)
    with count_queries() as many:
        list_editions(NOW, 14)
    assert len(many) == len(few) <= 9, many
