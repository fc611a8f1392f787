"""Numbers in addresses."""

from typing import Any

from flask import Flask, request
from werkzeug.routing import IntegerConverter

from portal.errors import NotFound

HIGHEST_ID = 2**31 - 1


class IdConverter(IntegerConverter):
    """`<int:edition_id>`: at most what the databases hold. A larger number is nobody's, so the page is not found."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max": HIGHEST_ID} | kwargs)


def init_addresses(app: Flask) -> None:
    """Holds every `<int:...>` to numbers that can exist; call it before the blueprints are registered."""
    app.url_map.converters["int"] = IdConverter


def asked_ids(name: str) -> list[int]:
    """All ids of that name after the question mark: `?module=3&module=4`. As asked_id."""
    numbers = request.args.getlist(name, type=int)
    if not all(0 <= number <= HIGHEST_ID for number in numbers):
        raise NotFound
    return numbers


def asked_id(name: str) -> int | None:
    """The id after the question mark: `?training=12`. None when there is none or it is no number; NotFound for one that
    is nobody's, as in the path."""
    number = request.args.get(name, type=int)
    if number is not None and not 0 <= number <= HIGHEST_ID:
        raise NotFound
    return number


def asked_page() -> int:
    """The page of a long list: `?pagina=3`. The first when there is none, or when it is no number that counts pages."""
    return max(1, request.args.get("pagina", 1, type=int))
