"""Mail about a meeting's list."""

from collections.abc import Sequence
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
    for to in (recipient(sender), _desk()):
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


def unfinished(trainers: Sequence[Person], head: MeetingHead, marked: int, people: int, now: datetime) -> None:
    """To who gave a meeting and to the office's desk: its list is not finished. Once a meeting, to each."""
    for to in (*map(recipient, trainers), _desk()):
        with speaking(to.language):
            letter = Letter(
                subject=_("Nog niet afgerond: de presentie van %(title)s", title=head.course_title),
                paragraphs=(_("Dag %(name)s,", name=to.name), *_what_waits(head, marked, people)),
                facts=((str(_("Trainers")), ", ".join(one.name for one in trainers) or str(_("niemand"))),),
                button=(_("Naar de lijst"), link(f"/bijeenkomsten/{head.id}/presentie", to.language)),
            )
        enqueue(
            letter,
            kind="attendance.unfinished",
            to=to,
            dedupe_key=f"unfinished:{head.id}:{to.person_id or 'desk'}",
            now=now,
            edition_id=head.edition_id,
        )


def _what_waits(head: MeetingHead, marked: int, people: int) -> tuple[str, ...]:
    when = moment(head.starts_at)
    if head.counted_only:
        return (str(_("Hoeveel mensen er waren op %(moment)s, is nog niet geteld en getekend.", moment=when)),)
    return (
        str(_("De lijst van %(moment)s is nog niet afgerond.", moment=when)),
        str(_("Zolang dat zo is, krijgt niemand punten en wacht het certificaat.")),
        str(_("Ingevuld: %(marked)s van de %(all)s mensen.", marked=marked, all=people)),
    )


def _desk() -> Recipient:
    return Recipient(current_app.config["PORTAL"].office_mail, _("Bureau"), DUTCH)
