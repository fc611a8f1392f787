"""Codes for certificates: unguessable, and a typing error is always seen."""

import hashlib
import re
import secrets
from math import log2

from hypothesis import given
from hypothesis import strategies as st

from portal.documents.codes import (
    ALPHABET,
    CODE_LENGTH,
    group_code,
    new_code,
    normalise_code,
)


def code_from(seed: bytes) -> str:
    return new_code(lambda count: hashlib.sha256(seed).digest()[:count])


def is_well_formed(code: str) -> bool:
    """Whether a code can exist, reckoned by whoever reads it: length, signs, and a weighted sum that 31 divides."""
    return (
        len(code) == CODE_LENGTH
        and set(code) <= set(ALPHABET)
        and sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(code, start=1)) % 31 == 0
    )


codes = st.binary(max_size=8).map(code_from)


def test_the_alphabet_has_no_look_alikes() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 31
    assert not set(ALPHABET) & set("0O1IL")


def test_a_code_holds_at_least_60_random_bits() -> None:
    assert (CODE_LENGTH - 1) * log2(len(ALPHABET)) >= 60
    asked: list[int] = []

    def random(count: int) -> bytes:
        asked.append(count)
        return secrets.token_bytes(count)

    new_code(random)
    assert asked == [16]


def test_each_random_bit_pattern_gives_another_code() -> None:
    assert len({code_from(str(number).encode()) for number in range(5_000)}) == 5_000


def test_the_lowest_and_the_highest_random_bytes_give_well_formed_codes() -> None:
    assert new_code(lambda count: bytes(count)) == "22222222222222"
    assert is_well_formed(new_code(lambda count: b"\xff" * count))


@given(codes)
def test_every_new_code_is_well_formed(code: str) -> None:
    assert len(code) == CODE_LENGTH
    assert is_well_formed(code)


@given(codes, st.integers(0, CODE_LENGTH - 1), st.sampled_from(ALPHABET))
def test_every_single_wrong_sign_is_seen(code: str, place: int, sign: str) -> None:
    typed = code[:place] + sign + code[place + 1 :]
    assert is_well_formed(typed) == (typed == code)


@given(codes, st.integers(0, CODE_LENGTH - 1), st.integers(0, CODE_LENGTH - 1))
def test_every_swap_of_two_signs_is_seen(code: str, one: int, other: int) -> None:
    signs = list(code)
    signs[one], signs[other] = signs[other], signs[one]
    typed = "".join(signs)
    assert is_well_formed(typed) == (typed == code)


@given(codes, st.integers(0, CODE_LENGTH))
def test_a_sign_too_many_or_too_few_is_seen(code: str, place: int) -> None:
    assert not is_well_formed(code[:place] + "7" + code[place:])
    assert not is_well_formed(code[:place] + code[place + 1 :]) or place == CODE_LENGTH


@given(codes)
def test_a_code_typed_by_hand_is_understood(code: str) -> None:
    typed = group_code(code).lower().replace("-", " \u2013 ")
    assert normalise_code(f" {typed}\r\n") == code
    full_width = "".join(chr(ord(sign) + 0xFEE0) for sign in code)
    assert normalise_code(full_width) == code


@given(codes)
def test_the_printed_groups_are_five_four_five(code: str) -> None:
    assert re.fullmatch(r"\w{5}-\w{4}-\w{5}", group_code(code))
    assert normalise_code(group_code(code)) == code


@given(st.text())
def test_whatever_is_typed_never_fails(text: str) -> None:
    normal = normalise_code(text)
    assert not set(normal) & set(" -\r\n\t\u00a0\u2011")
    assert normalise_code(group_code(normal)) == normalise_code(normal)
    if is_well_formed(normal):
        assert set(normal) <= set(ALPHABET)


def test_look_alikes_are_not_guessed() -> None:
    assert not is_well_formed("2222222222222O")
    assert not is_well_formed("22222222222220")
