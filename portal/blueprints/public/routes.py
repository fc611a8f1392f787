"""Home and the information pages that anybody may read."""

from flask import Blueprint, current_app
from werkzeug.wrappers import Response

from portal import clock
from portal.domain.catalogue import queries as catalogue
from portal.domain.catalogue.facts import EditionFilter
from portal.language import _
from portal.web.access import public
from portal.web.kept import kept
from portal.web.pages import page

blueprint = Blueprint("public", __name__)


@blueprint.get("/")
@public
@kept
def home() -> Response:
    """What this is, the next three editions, and the ways in."""
    return page("public/home.html", editions=catalogue.list_editions(EditionFilter(), now=clock.now(), per_page=3).rows)


@blueprint.get("/contact")
@public
@kept
def contact() -> Response:
    """How to reach the foundation."""
    return page("public/contact.html", office_mail=office_mail())


@blueprint.get("/klachten")
@public
@kept
def complaints() -> Response:
    """What happens with a complaint."""
    return page("public/complaints.html", office_mail=office_mail())


@blueprint.get("/privacy")
@public
@kept
def privacy() -> Response:
    """Which data the portal keeps, for what and how long."""
    return page("public/privacy.html", retention=retention_terms(), office_mail=office_mail())


@blueprint.get("/toegankelijkheid")
@public
@kept
def accessibility() -> Response:
    """How far the portal is usable for everybody."""
    return page("public/accessibility.html", office_mail=office_mail())


def office_mail() -> str:
    """The address that people may write to."""
    return str(current_app.config["PORTAL"].office_mail)


def retention_terms() -> list[tuple[str, str]]:
    """(kind of data, how long it is kept), as the foundation decided."""
    return [
        (_("Niet afgemaakte inschrijving, plek op de wachtlijst"), _("6 maanden")),
        (_("Dieet en toegang tot de locatie"), _("30 dagen na het laatste dagdeel")),
        (_("Presentie, punten en certificaat"), _("6 jaar, daarna alleen een bewijs zonder naam")),
        (_("Wanneer je in een online bijeenkomst was"), _("6 jaar, bij je presentie")),
        (_("Foto van een getekende presentielijst, ook een ingetrokken foto"), _("6 jaar, daarna weg")),
        (_("Verslag van Zoom of Teams dat niet is overgenomen"), _("7 dagen")),
        (_("Registratienummer"), _("18 maanden na het doorgeven, in je profiel zolang jij wilt")),
        (_("Verslag en brief van een coördinator"), _("1 jaar na het afscheid")),
        (_("Conferenties van een coördinator"), _("3 maanden, daarna alleen het aantal")),
        (_("Evaluatie van een training"), _("meteen los van je naam")),
        (_("Dat we je om een evaluatie vroegen"), _("30 dagen na de laatste dag om te antwoorden")),
        (_("Factuur, offerte, overeenkomst"), _("7 jaar na het boekjaar")),
        (_("Klacht"), _("2 jaar")),
        (_("Tekst van verstuurde mail"), _("1 jaar")),
        (_("Logboek en de getekende koppen ervan, zonder persoonsgegevens"), _("7 jaar")),
    ]
