"""Handing over by the web service: in calls, with answers of every kind, stopped, lost and begun again."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.audit.models import AuditEntry
from portal.db import db, transaction
from portal.domain.accreditation.models import PointAward
from portal.domain.attendance.rules import Status
from portal.domain.handover import sendings
from portal.domain.handover.models import Handover, HandoverRow
from portal.domain.handover.pe_online import Fault
from portal.domain.handover.queries import list_handovers
from portal.domain.handover.rules import RowState, RunState, Told
from portal.domain.handover.sendings import (
    LEASE,
    MOST_ATTEMPTS,
    RETRY,
    give_up_sending,
    request_sending,
    resume_sending,
    stop_sending,
    work_on_sendings,
)
from portal.errors import Conflict, NotFound, Refused
from tests.certificate_scenes import NOW
from tests.handover_scenes import OFFICE, amend, give_number, rows_of, settled_edition, states
from tests.plugins.pe_online import SENTENCES

PLEIN = "Registerplein"
THREE = ("Dewi Hardjo", "Jan van den Berg", "Rachid El Amrani")


def ask(scene, register=PLEIN):
    edition_id = scene.edition.id
    with transaction():
        return request_sending(register=register, edition_id=edition_id, actor=OFFICE, now=NOW).id


def turn(command, handover_id):
    with transaction():
        command(handover_id=handover_id, actor=OFFICE, now=NOW)


def handover(handover_id):
    db.session.rollback()
    return db.session.get_one(Handover, handover_id)


def work(now=NOW):
    while work_on_sendings(now):
        pass


def test_everybody_is_handed_over_under_the_codes_of_the_edition(app, pe_online):
    scene = settled_edition(THREE[:2], absent=[(1, 2)])
    handover_id = ask(scene)
    assert set(states(scene, PLEIN).values()) == {RowState.SENDING}
    work()
    assert set(states(scene, PLEIN).values()) == {RowState.ACCEPTED}
    assert handover(handover_id).state == RunState.FINISHED
    edition, meetings = f"LK-{scene.edition.id}", [f"LK-B{meeting.id}" for meeting in scene.meetings]
    expected = [("46101", "ID-Registerplein", edition, meeting) for meeting in meetings]
    expected += [("46102", "ID-Registerplein", edition, meetings[place]) for place in (0, 2, 3)]
    assert sorted(pe_online.taken) == sorted(expected)
    tags = db.session.scalars(
        select(AuditEntry.tag).where(AuditEntry.tag.startswith("handover.")).order_by(AuditEntry.seq)
    ).all()
    assert list(tags) == ["handover.sending_requested", "handover.sending_finished"]


def test_one_is_refused_mended_and_only_that_one_is_sent_again(app, pe_online):
    scene = settled_edition(THREE, modules=1)
    pe_online.refuse("46102", "Persoon onbekend")
    ask(scene)
    work()
    assert states(scene, PLEIN)["Jan van den Berg"] == RowState.REFUSED
    assert (
        next(row.words for row in rows_of(scene, PLEIN) if row.state == RowState.REFUSED) == "Persoon onbekend: 46102"
    )
    with transaction(), pytest.raises(Refused, match="niemand"):
        request_sending(register=PLEIN, edition_id=scene.edition.id, actor=OFFICE, now=NOW)
    give_number(scene.enrolments[1], PLEIN, "46109")
    ask(scene)
    work()
    assert [[row["externalPersonID"] for row in call] for call in pe_online.calls] == [
        ["46101", "46102", "46103"],
        ["46109"],
    ]
    assert set(states(scene, PLEIN).values()) == {RowState.ACCEPTED}
    assert [(one.total, one.accepted, one.refused) for one in list_handovers(PLEIN, scene.edition.id)[0]] == [
        (1, 1, 0),
        (3, 2, 1),
    ]


@pytest.mark.parametrize("number", SENTENCES)
def test_a_fault_of_the_service_stops_it_and_nothing_is_lost(app, pe_online, number):
    scene = settled_edition(THREE[:1])
    pe_online.fault = number
    handover_id = ask(scene)
    work()
    found = handover(handover_id)
    assert (found.state, found.fault) == (RunState.STOPPED, number)
    assert set(db.session.scalars(select(HandoverRow.state))) == {Told.WAITING}
    pe_online.fault = ""
    turn(resume_sending, handover_id)
    work()
    assert (handover(handover_id).state, handover(handover_id).fault) == (RunState.FINISHED, "")
    assert len(pe_online.taken) == 4


def test_a_lost_answer_is_asked_again_without_counting_anything_twice(app, pe_online):
    scene = settled_edition(THREE)
    pe_online.mood = "lose"
    handover_id = ask(scene)
    work()
    assert len(pe_online.taken) == 12
    assert set(states(scene, PLEIN).values()) == {RowState.SENDING}
    pe_online.mood = ""
    assert work_on_sendings(NOW) == 0
    work(NOW + RETRY)
    assert set(states(scene, PLEIN).values()) == {RowState.ACCEPTED}
    assert len(pe_online.taken) == len(set(pe_online.taken)) == 12
    history = list_handovers(PLEIN, scene.edition.id)[0]
    assert [(one.id, one.total, one.accepted, one.refused) for one in history] == [(handover_id, 12, 12, 0)]


def test_what_was_there_before_we_ever_asked_is_told_to_the_office(app, pe_online):
    scene = settled_edition(THREE[:1], modules=1)
    meeting = scene.meetings[0]
    pe_online.taken.append(("46101", "ID-Registerplein", f"LK-{scene.edition.id}", f"LK-B{meeting.id}"))
    ask(scene)
    work()
    (row,) = rows_of(scene, PLEIN)
    assert (row.state, row.reason) == (RowState.REFUSED, "already_there")


def test_who_cannot_be_reached_is_tried_five_times_ever_later(app, pe_online):
    scene = settled_edition(THREE[:1])
    pe_online.mood = "broken"
    handover_id = ask(scene)
    now = NOW
    for attempt in range(1, MOST_ATTEMPTS):
        assert work_on_sendings(now)
        assert handover(handover_id).attempts == attempt
        assert handover(handover_id).leased_until == now + RETRY * 2 ** (attempt - 1)
        assert work_on_sendings(now) == 0
        now = handover(handover_id).leased_until
    work(now)
    assert (handover(handover_id).state, handover(handover_id).fault) == (RunState.STOPPED, Fault.UNREACHABLE)


def test_an_answer_that_is_not_understood_stops_it_at_once(app, pe_online):
    scene = settled_edition(THREE[:1])
    pe_online.mood = "nonsense"
    handover_id = ask(scene)
    work()
    assert handover(handover_id).fault == Fault.NOT_UNDERSTOOD
    pe_online.mood = ""
    turn(resume_sending, handover_id)
    work()
    assert set(states(scene, PLEIN).values()) == {RowState.ACCEPTED}


def test_it_goes_in_calls_of_so_many_rows_and_can_be_stopped_between_them(app, pe_online, monkeypatch):
    monkeypatch.setattr(sendings, "MOST_ROWS", 5)
    scene = settled_edition(THREE)
    handover_id = ask(scene)
    assert work_on_sendings(NOW) == 5
    turn(stop_sending, handover_id)
    assert work_on_sendings(NOW) == 0
    with transaction(), pytest.raises(Conflict):
        stop_sending(handover_id=handover_id, actor=OFFICE, now=NOW)
    turn(resume_sending, handover_id)
    work()
    assert [len(call) for call in pe_online.calls] == [5, 5, 2]
    assert handover(handover_id).state == RunState.FINISHED


def test_a_worker_that_was_killed_in_a_call_leaves_it_for_the_next(app, pe_online):
    scene = settled_edition(THREE[:1])
    handover_id = ask(scene)
    assert sendings._claim(NOW) == handover_id
    with transaction():
        called = sendings._begin_call(handover_id)
    assert len(called) == 4
    assert work_on_sendings(NOW + LEASE / 2) == 0
    work(NOW + LEASE)
    assert set(states(scene, PLEIN).values()) == {RowState.ACCEPTED}
    assert sendings._claim(NOW + LEASE) is None


def test_giving_up_puts_on_the_list_what_was_never_asked(app, pe_online):
    scene = settled_edition(THREE[:2], modules=1)
    handover_id = ask(scene)
    turn(stop_sending, handover_id)
    asked = select(HandoverRow.id).order_by(HandoverRow.id).limit(1).scalar_subquery()
    db.session.execute(update(HandoverRow).where(HandoverRow.id == asked).values(state=Told.ASKED))
    db.session.commit()
    turn(give_up_sending, handover_id)
    assert sorted(states(scene, PLEIN).values()) == [RowState.SENT, RowState.TO_SEND]
    with transaction(), pytest.raises(Conflict):
        resume_sending(handover_id=handover_id, actor=OFFICE, now=NOW)
    ask(scene)


def test_points_that_are_corrected_before_the_call_are_not_sent(app, pe_online):
    scene = settled_edition(THREE[:2], modules=1)
    ask(scene)
    amend(scene, 0, 1, Status.ABSENT)
    work()
    assert [row["externalPersonID"] for call in pe_online.calls for row in call] == ["46102"]
    assert states(scene, PLEIN) == {"Jan van den Berg": RowState.ACCEPTED}


def test_points_that_became_others_before_the_call_are_asked_for_anew(app, pe_online):
    scene = settled_edition(THREE[:1], modules=1)
    ask(scene)
    db.session.execute(update(PointAward).where(PointAward.register_code == PLEIN).values(points=2))
    db.session.commit()
    work()
    assert pe_online.calls == []
    assert [(row.state, row.points) for row in rows_of(scene, PLEIN)] == [(RowState.TO_SEND, 2)]


def test_points_that_are_corrected_after_the_call_are_said_loudly(app, pe_online):
    scene = settled_edition(THREE[:1], modules=1)
    ask(scene)
    work()
    amend(scene, 0, 1, Status.ABSENT)
    assert states(scene, PLEIN) == {"Dewi Hardjo": RowState.CHANGED}


def test_one_at_a_time_and_only_where_it_can(app, pe_online):
    scene = settled_edition(THREE[:1])
    ask(scene)
    with transaction(), pytest.raises((Conflict, Refused)):
        request_sending(register=PLEIN, edition_id=scene.edition.id, actor=OFFICE, now=NOW)
    with transaction(), pytest.raises(Refused, match="koppeling"):
        request_sending(register="SKJ", edition_id=scene.edition.id, actor=OFFICE, now=NOW)
    with transaction(), pytest.raises(NotFound):
        stop_sending(handover_id=999, actor=OFFICE, now=NOW)


def test_without_a_key_nothing_is_sent(app):
    scene = settled_edition(THREE[:1])
    with transaction(), pytest.raises(Refused, match="koppeling"):
        request_sending(register=PLEIN, edition_id=scene.edition.id, actor=OFFICE, now=NOW)
    assert work_on_sendings(NOW + timedelta(days=1)) == 0
