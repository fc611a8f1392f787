"""Which passwords are too easy, and what checking one costs."""

import pytest
from flask import Flask

from portal.config import Argon2Cost
from portal.domain.accounts.passwords import hash_password, is_outdated, matches
from portal.domain.accounts.rules import Weakness, weakness_of


@pytest.mark.parametrize(
    ("password", "weakness"),
    [
        ("elf tekens!", Weakness.SHORT),
        ("twaalf teken", None),
        ("Wachtwoord123!", Weakness.COMMON),
        ("aaaaaaaaaaaa", Weakness.COMMON),
        ("123456789012", Weakness.COMMON),
        ("hallo ik ben dewi", Weakness.PERSONAL),
        ("HARDJO is hier 1", Weakness.PERSONAL),
        ("dhardjo-op-fiets", Weakness.PERSONAL),
        ("zorg en nog meer", None),
        ("kring vergroten doe je zo", None),
    ],
)
def test_what_others_would_guess_is_weak(password: str, weakness: Weakness | None) -> None:
    assert weakness_of(password, name="Dewi Hardjo", email="dhardjo@zorg.example") == weakness


def test_a_name_of_three_letters_does_not_forbid_words_that_hold_it() -> None:
    assert weakness_of("bomen langs de vaart", name="Bo Men", email="bo@zorg.example") is None


def test_a_hash_is_argon2id_at_the_cost_of_the_settings(app: Flask) -> None:
    first, second = hash_password("vier losse woorden"), hash_password("vier losse woorden")
    assert first.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert first != second
    assert (matches(first, "vier losse woorden"), matches(first, "vier losse woordem")) == (True, False)


def test_accents_may_be_typed_in_two_ways(app: Flask) -> None:
    assert matches(hash_password("één twee drie"), "e\u0301e\u0301n twee drie")


@pytest.mark.parametrize("password", ["", "x", "\0" * 32])
def test_nobody_without_a_hash_is_let_in(app: Flask, password: str) -> None:
    assert not matches(None, password)
    assert not matches("", password)


def test_a_damaged_hash_lets_nobody_in(app: Flask) -> None:
    assert not matches("$argon2id$kapot", "vier losse woorden")


def test_a_hash_of_another_cost_is_outdated(make_app: object, app: Flask) -> None:
    kept = hash_password("vier losse woorden")
    assert not is_outdated(kept)
    dearer = make_app(argon2=Argon2Cost(2, 16, 1))  # type: ignore[operator]
    with dearer.app_context():
        assert is_outdated(kept)
        assert matches(kept, "vier losse woorden")
