"""A participant's points."""

from flask import Blueprint, make_response, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.documents.csv_file import Cell, csv_bytes
from portal.domain.accreditation.queries import PER_PAGE, PointRow, RegisterPoints, points_of
from portal.domain.accreditation.reasons import Verdict, in_words
from portal.language import _
from portal.web.access import signed_in
from portal.web.addresses import asked_page
from portal.web.pages import page
from portal.web.signing import the_person

blueprint = Blueprint("accreditation", __name__)


@blueprint.get("/mijn/punten")
@signed_in
def points() -> Response:
    """One's own points, per register, each with its reason."""
    number = asked_page()
    registers = points_of(the_person().id, now=clock.now(), page=number, per_page=PER_PAGE)
    most = max((register.total_rows for register in registers), default=0)
    return page(
        "accreditation/points.html",
        registers=registers,
        in_words=in_words,
        Verdict=Verdict,
        number=number,
        pages=-(-most // PER_PAGE),
        page_url=lambda other: url_for(".points", pagina=other),
    )


@blueprint.get("/mijn/punten.csv")
@signed_in
def points_csv() -> Response:
    """The same points as a file for a spreadsheet, all of them."""
    header = [
        _("Register"),
        _("Training"),
        _("Dagdeel"),
        _("Datum"),
        _("Punten"),
        _("Te behalen"),
        _("Accreditatie-ID"),
        _("Waarom"),
    ]
    registers = points_of(the_person().id, now=clock.now())
    lines = [_line(register, row) for register in registers for row in register.rows]
    response = make_response(csv_bytes(header, lines))
    response.mimetype = "text/csv"
    response.headers["Content-Disposition"] = "attachment; filename=leerkring-punten.csv"
    return response


def _line(register: RegisterPoints, row: PointRow) -> list[Cell]:
    award = row.award
    return [
        register.register,
        row.course_title,
        row.module_title or _("Hele training"),
        row.held_on,
        award.points,
        award.offered,
        award.facts.get("number"),
        in_words(award.reason, award.facts),
    ]
