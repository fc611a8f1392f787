"""Forms of coordinators and regional managers."""

from wtforms import DateField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from portal.domain.coordinators.rules import ConferenceKind
from portal.language import _l
from portal.web.forms import Filled, PortalForm


class ConferenceForm(PortalForm):
    """Of a conference only its date and its kind: there is no field for a family."""

    held_on = DateField(_l("Datum van de conferentie"), validators=[Filled(_l("Vul de datum in van de conferentie"))])
    kind = RadioField(
        _l("Wat voor conferentie"),
        choices=[
            SelectChoice(ConferenceKind.FAMILY.value, _l("Voor een gezin of familie")),
            SelectChoice(ConferenceKind.RESTORATIVE.value, _l("Om iets te herstellen")),
            SelectChoice(ConferenceKind.GROUP.value, _l("Voor een groep, straat of buurt")),
        ],
        validators=[Filled(_l("Kies wat voor conferentie het was"))],
    )
