"""The office's start page: what waits, how full the editions are, what goes on today."""

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.blueprints.office import change_words
from portal.blueprints.office.attention import attention_items
from portal.domain.accounts.rules import Role
from portal.domain.reporting import changes, queries
from portal.language import _
from portal.web.access import allow
from portal.web.pages import page
from portal.web.signing import the_person

blueprint = Blueprint("office", __name__)
NOON = 12
EVENING = 18


@blueprint.get("/bureau")
@allow(Role.OFFICE)
def today() -> Response:
    """What waits for the office, the most urgent first."""
    now = clock.now()
    waiting = queries.list_attention(now=now)
    return page(
        "office/today.html",
        greeting=greeting(clock.local(now).hour, the_person().name),
        today=clock.local_date(now),
        waiting=waiting,
        items=attention_items(waiting.shown, clock.local_date(now)),
        filling=queries.list_filling(now=now),
        meetings=queries.list_todays_meetings(now=now),
        changes=changes.list_latest(),
        changed=changes.count_own_changes(now),
        title_of=change_words.title_of,
        edition_url=lambda edition_id: url_for("office_editions.show", edition_id=edition_id),
    )


def greeting(hour: int, name: str) -> str:
    """'Goedemorgen Marleen', by Amsterdam's clocks."""
    first = name.split()[0]
    if hour < NOON:
        return str(_("Goedemorgen %(name)s", name=first))
    if hour < EVENING:
        return str(_("Goedemiddag %(name)s", name=first))
    return str(_("Goedenavond %(name)s", name=first))
