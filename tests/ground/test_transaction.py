"""transaction() is the only place that commits, and one change is all or nothing."""

import threading

import pytest
from flask import Flask
from sqlalchemy import select, text

from portal import audit, clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts import commands as accounts
from portal.domain.accounts.models import Person
from tests import factories


def names() -> list[str]:
    return sorted(db.session.scalars(select(Person.name)))


def test_what_is_done_inside_is_committed_together(app: Flask) -> None:
    with transaction():
        factories.person(name="Şule")
        factories.person(name="Ánh")

    db.session.rollback()
    assert names() == sorted(["Şule", "Ánh"])


def test_an_error_undoes_everything_inside_the_entry_in_the_log_included(app: Flask) -> None:
    def add_and_fail() -> None:
        with transaction():
            accounts.add_person(name="Şule", email="sule@zorg.example", actor=Actor.system(), now=clock.now())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        add_and_fail()

    assert names() == []
    assert audit.list_entries().total == 0


def test_what_was_loaded_before_is_read_again_inside(app: Flask) -> None:
    with transaction():
        person = factories.person(name="Jansen")
    assert person.name == "Jansen"
    rename_elsewhere(app, person.id, "Jansen-de Vries")

    with transaction():
        assert person.name == "Jansen-de Vries"


def rename_elsewhere(app: Flask, person_id: int, name: str) -> None:
    def rename() -> None:
        with app.app_context(), transaction():
            db.session.execute(text("UPDATE persons SET name = :name WHERE id = :id"), {"name": name, "id": person_id})

    db.session.commit()
    thread = threading.Thread(target=rename)
    thread.start()
    thread.join()


def test_a_transaction_inside_a_transaction_is_a_programming_error(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="compose"), transaction(), transaction():
        pass


def test_a_change_outside_is_a_programming_error(app: Flask) -> None:
    db.session.add(Person(name="Zomaar", email="zomaar@zorg.example", created_at=clock.now()))

    with pytest.raises(RuntimeError, match="outside"), transaction():
        pass


def test_many_writers_at_once_all_get_their_turn(app: Flask) -> None:
    with transaction():
        person_id = factories.person().id
    db.session.commit()

    def add_one() -> None:
        for _ in range(10):
            with app.app_context(), transaction():
                db.session.get_one(Person, person_id)
                db.session.execute(
                    text("UPDATE persons SET employer = employer || '.' WHERE id = :id"), {"id": person_id}
                )

    threads = [threading.Thread(target=add_one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert db.session.get_one(Person, person_id).employer == "." * 60
