"""Certificates in words, in the reader's language."""

from portal.domain.certificates.rules import EndReason, Hindrance, Readiness, Standing
from portal.language import _


def standing_in_words(found: Readiness) -> str:
    """Why an enrolment is ready or not, as the office reads it."""
    of = {"attended": found.attended, "modules": found.modules}
    if found.standing is Standing.ISSUED and found.hindrance is Hindrance.CANCELLED:
        return str(_("De inschrijving is geannuleerd, maar het certificaat geldt nog. Trek het in als het niet klopt"))
    if found.outdated:
        return str(
            _("Haalde in: nu %(attended)s van %(modules)s dagdelen. Vervang het certificaat op de pagina daarvan", **of)
        )
    if found.standing is not Standing.BLOCKED:
        if found.whole:
            return str(_("Hele training: certificaat van deelname"))
        return str(_("%(attended)s van %(modules)s dagdelen: bewijs van deelname", **of))
    which = ", ".join(str(position) for position in found.positions)
    sentences = {
        Hindrance.CANCELLED: _("Deze inschrijving is geannuleerd."),
        Hindrance.NO_SEATS: _("Heeft in geen bijeenkomst een plaats"),
        Hindrance.OPEN_SHEET: _("Presentie van dagdeel %(which)s is nog niet afgerond", which=which),
        Hindrance.MAKE_UP_AHEAD: _("Haalt dagdeel %(which)s in. Die presentie is nog niet afgerond", which=which),
        Hindrance.NOT_MARKED: _("Is bij dagdeel %(which)s nog niet gemarkeerd", which=which),
        Hindrance.NOBODY_THERE: _("Was bij geen dagdeel aanwezig"),
        Hindrance.REVOKED: _("Het vorige certificaat is ingetrokken. Geef het op de pagina daarvan opnieuw uit"),
    }
    return str(sentences[found.hindrance]) if found.hindrance else ""


def end_in_words(reason: str) -> str:
    """Why a certificate does not hold any more, as whoever checks it reads it; '' while it holds."""
    sentences = {
        EndReason.ISSUED_IN_ERROR: _("per vergissing uitgegeven"),
        EndReason.ATTENDANCE_CORRECTED: _("de presentie is achteraf verbeterd"),
        EndReason.HOLDER_ASKED: _("op verzoek van de houder"),
        EndReason.NAME_CORRECTED: _("de naam is verbeterd"),
        EndReason.MADE_UP: _("er is een dagdeel ingehaald"),
    }
    return str(sentences[EndReason(reason)]) if reason else ""
