"""The dossier of a finished list: a ZIP that an auditor reads and checks without us."""

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from portal.blueprints.attendance.own import own_meeting
from portal.clock import local, local_date
from portal.documents.archive import archive
from portal.documents.csv_file import csv_bytes
from portal.domain.accounts.rules import Role
from portal.domain.attendance.dossiers import Dossier, answer_in_words, gather_dossier
from portal.domain.attendance.mark_words import mark_in_words
from portal.domain.attendance.queries import MeetingHead, get_meeting_head
from portal.domain.attendance.rules import status_in_words
from portal.errors import NotFound
from portal.language import _, current_language
from portal.web.access import allow, note_view
from portal.web.signing import the_person

blueprint = Blueprint("attendance_dossier", __name__)


@blueprint.get("/bijeenkomsten/<int:meeting_id>/presentie/dossier.zip")
@allow(Role.TRAINER, Role.OFFICE, Role.AUDITOR)
def download(meeting_id: int) -> Response:
    """For the auditor of any finished list; for its trainer and the office too. The same facts give the same bytes."""
    head = _readable(meeting_id)
    note_view(meeting_id=meeting_id, edition_id=head.edition_id)
    dossier = gather_dossier(get_meeting_head(meeting_id))
    response = Response(_archive(dossier), mimetype="application/zip")
    name = f"presentie-{local_date(head.starts_at)}-{meeting_id}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _readable(meeting_id: int) -> MeetingHead:
    """NotFound for an open list, and for people who are counted only: of a number there is nothing to recompute."""
    head = get_meeting_head(meeting_id) if Role.AUDITOR in the_person().roles else own_meeting(meeting_id)
    if head.finished_at is None or head.counted_only:
        raise NotFound
    return head


def _archive(dossier: Dossier) -> bytes:
    shown = render_template(
        "attendance/dossier.html",
        dossier=dossier,
        head=dossier.head,
        language=current_language(),
        mark_in_words=mark_in_words,
        answer_in_words=answer_in_words,
    )
    files = {
        "lijst.txt": dossier.signature.text.encode(),
        "presentie.html": shown.encode(),
        "presentie.csv": _spreadsheet(dossier),
    }
    # The list was finished, or there is no dossier.
    return archive(files, at=dossier.head.finished_at or dossier.head.ends_at)


def _spreadsheet(dossier: Dossier) -> bytes:
    """Everybody as the list is now, with the status that was signed. Times in Amsterdam."""
    header = [
        _("Aanmeldnummer"), _("Naam"), _("Bij het tekenen"), _("Nu"), _("Minuten te laat"), _("Minuten eerder weg"),
        _("Voorbereiding"), _("Ingevuld op"), _("Ingevuld door"), _("Kwam binnen op"), _("Hoe"),
    ]  # fmt: skip
    return csv_bytes(
        [str(name) for name in header],
        [
            (
                row.number,
                row.name,
                status_in_words(row.signed.status),
                status_in_words(row.mark.status),
                row.mark.minutes_late,
                row.mark.minutes_left_early,
                row.mark.preparation_done if dossier.head.preparation else None,
                local(row.marked_at) if row.marked_at else None,
                row.marked_by,
                local(row.came_in.at) if row.came_in else None,
                row.came_in.how if row.came_in else "",
            )
            for row in dossier.rows
        ],
    )
