"""The code under which anyone can check a certificate.

A code has 14 signs: 13 drawn at random (31 ** 13, 64.4 bits, so that guessing is hopeless) and one check sign, so that
a typing error never leads to somebody else's certificate. It is stored and linked without hyphens and
printed in groups: ``K7MQ2-9RTD-4WXEA``.

The alphabet has no 0, O, 1, I or L. Both halves of each look-alike pair are missing, so there is no likeness left that
could be forgiven without guessing: what is forgiven is case, spaces, every kind of hyphen and full-width signs.
"""

import unicodedata
from collections.abc import Callable

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 14
_GROUPS = (5, 4, 5)
# 31 is prime, and the weights 1..14 are different and never 0 modulo 31: so each single wrong sign and each swap of two
# signs, neighbours or not, changes the sum.
_PRIME = len(ALPHABET)
# Of 128 random bits modulo 31 ** 13, no sign is likelier than another by more than 2 ** -63.
_RANDOM_BYTES = 16


def new_code(random: Callable[[int], bytes]) -> str:
    """Return a new code of 14 signs, without hyphens; ``random(n)`` gives n unpredictable bytes (``token_bytes``)."""
    number = int.from_bytes(random(_RANDOM_BYTES), "big")
    signs = ""
    for _ in range(CODE_LENGTH - 1):
        number, rest = divmod(number, _PRIME)
        signs += ALPHABET[rest]
    return signs + _check_sign(signs)


def normalise_code(text: str) -> str:
    """Return what somebody typed as it would be stored: capitals, without spaces and hyphens. Never fails."""
    return "".join(
        sign for sign in unicodedata.normalize("NFKC", text).upper() if unicodedata.category(sign)[0] not in "ZPC"
    )


def group_code(code: str) -> str:
    """Return a code as it is printed and shown: ``K7MQ2-9RTD-4WXEA``. Anything of another length stays as it is."""
    if len(code) != CODE_LENGTH:
        return code
    parts, start = [], 0
    for length in _GROUPS:
        parts.append(code[start : start + length])
        start += length
    return "-".join(parts)


def _weighted_sum(signs: str) -> int:
    return sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(signs, start=1))


def _check_sign(signs: str) -> str:
    weight = len(signs) + 1
    return ALPHABET[-_weighted_sum(signs) * pow(weight, -1, _PRIME) % _PRIME]
