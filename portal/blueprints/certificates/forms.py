"""The form of the public check."""

from typing import Any

from wtforms import StringField

from portal.documents.codes import normalise_code
from portal.language import _l
from portal.web.forms import Filled, PortalForm


def _signs(text: Any) -> Any:
    """Filter: the letters and digits of what was typed, which is all that an address needs of it."""
    return "".join(sign for sign in normalise_code(text) if sign.isalnum())[:60] if text else text


class CheckForm(PortalForm):
    """The code as it stands on the paper; hyphens, spaces and capitals do not matter."""

    code = StringField(
        _l("De code op het certificaat"),
        description=_l("Bijvoorbeeld K7MQ2-9RTD-4WXEA. Hoofdletters en streepjes maken niet uit."),
        filters=[_signs],
        validators=[Filled(_l("Vul de code in die op het certificaat staat"))],
    )
