"""Forms of answering requests, and of regions and coordinators."""

from wtforms import EmailField, StringField

from portal.language import _l
from portal.web.fields import NumberSelect
from portal.web.forms import AtMost, EmailAddress, Filled, PortalForm, one_line


class LinkForm(PortalForm):
    """The edition that answers a request."""

    edition_id = NumberSelect(_l("Welke uitvoering"), validators=[Filled(_l("Kies een uitvoering"))])


class RegionForm(PortalForm):
    """A region and who manages it."""

    name = StringField(
        _l("Naam van de regio"),
        filters=[one_line],
        validators=[Filled(_l("Vul een naam in")), AtMost(100, _l("Houd de naam onder de 100 tekens"))],
    )
    manager_id = NumberSelect(_l("Regiomanager"))


class CoordinatorForm(PortalForm):
    """Who becomes a coordinator, and where."""

    email = EmailField(_l("E-mailadres van de coördinator"), filters=[one_line], validators=[EmailAddress()])
    region_id = NumberSelect(_l("Regio"), validators=[Filled(_l("Kies een regio"))])
