"""Mail about a meeting's list."""

from datetime import datetime

from flask import current_app

from portal.clock import local_date
from portal.domain.accounts.mails import recipient
from portal.domain.accounts.models import Person
from portal.domain.attendance.queries import MeetingHead
from portal.language import DUTCH, _, _n, moment, speaking
from portal.links import link
from portal.mail import Letter, Recipient, enqueue


def came_late(sender: Person, head: MeetingHead, taps: int, now: datetime) -> None:
    """To the trainer and the office's desk: so many choices waited on a phone for more than a day. Once a meeting and
    day, to each."""
    desk = Recipient(current_app.config["PORTAL"].office_mail, _("Bureau"), DUTCH)
    for to in (recipient(sender), desk):
        with speaking(to.language):
            letter = Letter(
                subject=_("Presentie kwam laat binnen: %(title)s", title=head.course_title),
                paragraphs=(
                    _("Dag %(name)s,", name=to.name),
                    _n(
                        "%(num)s keuze op de lijst van %(moment)s stond langer dan een dag op een telefoon.",
                        "%(num)s keuzes op de lijst van %(moment)s stonden langer dan een dag op een telefoon.",
                        taps,
                        moment=moment(head.starts_at),
                    ),
                    _("Alles is nu binnen. Kijk na of de lijst klopt."),
                ),
                button=(_("Bekijk de lijst"), link(f"/bijeenkomsten/{head.id}/presentie", to.language)),
            )
        enqueue(
            letter,
            kind="attendance.came_late",
            to=to,
            dedupe_key=f"came_late:{head.id}:{local_date(now)}:{to.person_id or 'desk'}",
            now=now,
            edition_id=head.edition_id,
        )
