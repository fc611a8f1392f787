"""The language of the log: who (Actor), what (an Event's tag), which things (its *_id fields)."""

import dataclasses
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar


@dataclass(frozen=True)
class Actor:
    """Who does it and through what. `kind`: 'person', 'visitor' (not signed in) or 'system'; `via`: 'web', 'cli',
    'worker' or 'api'. `id` is the person's number, never a name."""

    kind: str
    id: int | None = None
    via: str = "web"

    @classmethod
    def person(cls, person_id: int, via: str = "web") -> "Actor":
        return cls("person", person_id, via)

    @classmethod
    def visitor(cls) -> "Actor":
        return cls("visitor")

    @classmethod
    def system(cls, via: str = "worker") -> "Actor":
        return cls("system", None, via)


@dataclass(frozen=True)
class Private:
    """A text that may be personal, such as the reason of an amendment. Only its salted commitment enters the chain."""

    text: str


@dataclass(frozen=True)
class Event:
    """Parent of every event: a frozen dataclass in the past tense with a `tag` such as 'enrolment.seat_taken'.

    Every field named `<noun>_id` says that the event is about that thing; the trail of the thing then shows it. A field
    is an int, str, bool, date, datetime, None, a tuple of those, or Private."""

    tag: ClassVar[str]

    def things(self) -> set[tuple[str, int]]:
        """(kind, number) of everything that this event is about."""
        found = set()
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if field.name.endswith("_id") and isinstance(value, int):
                found.add((field.name.removesuffix("_id"), value))
        return found

    def private(self) -> dict[str, str]:
        """The texts that are kept apart, by field name."""
        values = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return {name: value.text for name, value in values.items() if isinstance(value, Private)}

    def payload(self, commitments: dict[str, str]) -> str:
        """The fields as canonical JSON, with the commitment in place of each private text."""
        facts = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        facts.update({name: {"sha256": commitment} for name, commitment in commitments.items()})
        return canonical(facts)


def canonical(value: Any) -> str:
    """JSON with one spelling for one value: sorted keys, no spaces, dates in ISO 8601."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_iso)


def _iso(value: object) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(f"an event holds plain values only, not {type(value).__name__}")
