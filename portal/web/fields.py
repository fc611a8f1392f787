"""Fields for what people write in their own way: days, clock times, whole numbers, money, hours, choices by number.

Each has a sentence for what cannot be read; what was typed stays in the field. Nothing typed is None."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from wtforms import DateField, IntegerField, SelectField, SelectMultipleField, StringField, TimeField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # new in 3.3, the stubs are older
from wtforms.widgets import CheckboxInput, ListWidget

from portal.language import _l

__all__ = [
    "ClockField",
    "CodeSelect",
    "DayField",
    "EuroField",
    "HoursField",
    "NumberSelect",
    "NumbersField",
    "SelectChoice",
    "WholeNumberField",
]

AMOUNT = re.compile(r"[0-9]{1,7}(?:[.,][0-9]{1,2})?")
LARGEST = 2_000_000_000
NOT_IN_LIST = _l("Kies iets uit de lijst")
NOT_OFFERED: dict[str, Any] = {"invalid_choice_message": NOT_IN_LIST}


class DayField(DateField):
    """A date, as a browser's own picker sends it."""

    data: Any

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, **_unread(_l("Vul een datum in, zoals 2027-03-18")), **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        if not any(value.strip() for value in valuelist):
            self.data = None
            return
        super().process_formdata(valuelist)
        if self.data is not None and not 2000 <= self.data.year <= 2100:
            self.data = None
            raise ValueError(str(_l("Vul een jaar in tussen 2000 en 2100")))


class ClockField(TimeField):
    """A time on Amsterdam's clocks; 9.30 is read as 09:30."""

    data: Any

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, **_unread(_l("Vul een tijd in, zoals 09:30")), **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        if any(value.strip() for value in valuelist):
            super().process_formdata([value.strip().replace(".", ":") for value in valuelist])
        else:
            self.data = None


class WholeNumberField(IntegerField):
    """A whole number from 0 on; `sentence` for anything else."""

    data: Any

    def __init__(self, label: Any = None, *, sentence: Any, **kwargs: Any) -> None:
        super().__init__(label, **_unread(sentence), **kwargs)
        self.sentence = sentence

    def process_formdata(self, valuelist: list[str]) -> None:
        if not any(value.strip() for value in valuelist):
            self.data = None
            return
        super().process_formdata(valuelist)
        if self.data is not None and not 0 <= self.data <= LARGEST:
            self.data = None
            raise ValueError(str(self.sentence))


class _AmountField(StringField):
    """A number with at most two decimals, kept as a whole number of parts, `unit` to the one."""

    data: Any

    unit = 1
    sentence: Any = ""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if self.data is None:
            return ""
        return f"{Decimal(self.data) / self.unit:.2f}".replace(".", ",").removesuffix(",00")

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        typed = (valuelist[0] if valuelist else "").replace("€", "").strip()
        if not typed:
            return
        if not AMOUNT.fullmatch(typed):
            raise ValueError(str(self.sentence))
        self.data = round(Decimal(typed.replace(",", ".")) * self.unit)


class EuroField(_AmountField):
    """Money in euros, kept in cents."""

    unit = 100
    sentence = _l("Vul een bedrag in, zoals 795 of 795,50")


class HoursField(_AmountField):
    """Hours, kept in minutes: 3,5 is 210."""

    unit = 60
    sentence = _l("Vul een aantal uren in, zoals 3 of 3,5")


class NumberSelect(SelectField):
    """One choice by its id; the empty choice is None. Call `offer` before validating."""

    data: Any

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, coerce=_number, choices=[], **_unread(NOT_IN_LIST), **NOT_OFFERED, **kwargs)

    def offer(self, rows: Iterable[tuple[int, str]], *, empty: str | None = None) -> None:
        """What can be chosen: ids with their words, after an empty choice where there is one."""
        first = [] if empty is None else [SelectChoice("", empty)]
        self.choices = [*first, *(SelectChoice(str(number), words) for number, words in rows)]


class CodeSelect(SelectField):
    """One choice by its code. Call `offer` before validating."""

    data: Any

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, choices=[], **_unread(NOT_IN_LIST), **NOT_OFFERED, **kwargs)

    def offer(self, rows: Iterable[tuple[str, str]]) -> None:
        """What can be chosen: codes with their words."""
        self.choices = [SelectChoice(code, words) for code, words in rows]


class NumbersField(SelectMultipleField):
    """Several choices by their ids, as checkboxes. Call `offer` before validating."""

    data: Any

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, coerce=int, choices=[], **_unread(NOT_IN_LIST), **NOT_OFFERED, **kwargs)

    def offer(self, rows: Iterable[tuple[int, str]]) -> None:
        """What can be chosen: ids with their words."""
        self.choices = [SelectChoice(str(number), words) for number, words in rows]


def _unread(sentence: Any) -> dict[str, Any]:
    """The library's argument for its message about what cannot be read."""
    return {"invalid_value_message": sentence}


def _number(value: Any) -> int | None:
    return int(value) if value not in (None, "") else None
