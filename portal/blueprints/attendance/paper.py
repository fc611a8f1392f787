"""The list of a meeting on paper: printed for the room."""

from flask import Blueprint
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.attendance.own import keepers, own_meeting
from portal.documents.attendance_list import render_list
from portal.domain.accreditation.printed_list import gather_list
from portal.language import current_language
from portal.web.access import note_view

blueprint = Blueprint("attendance_paper", __name__, url_prefix="/bijeenkomsten/<int:meeting_id>/presentie")


@blueprint.get("/lijst.pdf")
@keepers
def printed(meeting_id: int) -> Response:
    """The list to sign in the room; of a finished one what it says."""
    own_meeting(meeting_id)
    note_view(meeting_id=meeting_id)
    facts = gather_list(own_meeting(meeting_id), language=current_language(), now=clock.now())
    response = Response(render_list(facts), mimetype="application/pdf")
    # The number is ours and plain ASCII; a title in a header is an invitation to trouble.
    response.headers["Content-Disposition"] = f'inline; filename="presentielijst-{facts.number}.pdf"'
    return response
