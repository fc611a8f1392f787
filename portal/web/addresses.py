"""Numbers in addresses."""

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter

HIGHEST_ID = 2**31 - 1


class IdConverter(IntegerConverter):
    """`<int:edition_id>`: at most what the databases hold. A larger number is nobody's, so the page is not found."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max": HIGHEST_ID} | kwargs)


def init_addresses(app: Flask) -> None:
    """Holds every `<int:...>` to numbers that can exist; call it before the blueprints are registered."""
    app.url_map.converters["int"] = IdConverter
