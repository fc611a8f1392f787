"""Calendars that somebody fetches: the public agenda, one edition's meetings, a person's own. They change nothing."""

import dataclasses
from collections.abc import Collection, Sequence
from datetime import datetime

from portal.documents.invitation import CalendarEvent, Method, build_calendar
from portal.domain.accounts.queries import get_person
from portal.domain.calendar import queries
from portal.domain.calendar.join_links import join_address
from portal.domain.calendar.origin import client_page, edition_page, host, organiser, page_of
from portal.domain.calendar.rules import CalendarMeeting, event_of
from portal.language import _, speaking, spoken


def public_agenda(now: datetime) -> bytes:
    """The coming open meetings, in the language that is being spoken. One query."""
    events = [_public_event(meeting) for meeting in queries.list_public_meetings(now)]
    return _publish(events, _("Trainingen van de Eigen Kracht Centrale"), now)


def edition_agenda(edition_id: int, module_ids: Collection[int] | None, now: datetime) -> bytes | None:
    """The meetings of a published edition (only of these modules), without the link into an online meeting. None when
    there is nothing to show."""
    meetings = queries.list_edition_meetings(edition_id, module_ids)
    if not meetings:
        return None
    return _publish([_public_event(meeting) for meeting in meetings], meetings[0].course, now)


def invited_edition_agenda(person_id: int, edition_id: int, now: datetime) -> bytes | None:
    """As invited_agenda, for all that a person is invited for in an edition."""
    return invited_agenda(person_id, queries.list_meeting_ids(edition_id), now)


def invited_agenda(person_id: int, meeting_ids: Collection[int], now: datetime) -> bytes | None:
    """A person's own events for these meetings, with the UIDs that were mailed, so that a calendar keeps one of each.
    None when none of their invitations is live."""
    live = {row.meeting_id: row for row in queries.list_live_invitations(person_id, meeting_ids)}
    if not live:
        return None
    meetings = queries.list_meetings(list(live))
    events = [
        _own_event(meeting, row.uid, row.sequence, row.as_trainer, person_id)
        for meeting in meetings
        for row in [live[meeting.meeting_id]]
    ]
    return _publish(events, meetings[0].course, now)


def own_agenda(person_id: int, now: datetime) -> bytes:
    """A person's feed, in their language: what they take part in, what was withdrawn, what they give as a trainer, with
    the UIDs that were mailed; and what is given for an organisation that they speak for, without who takes part."""
    with speaking(get_person(person_id).language):
        events = [
            dataclasses.replace(
                _own_event(held.meeting, held.uid, held.sequence, held.as_trainer, person_id), cancelled=held.withdrawn
            )
            for held in queries.list_invited_meetings(person_id, now)
        ]
        for meeting, called_off in queries.list_client_meetings(person_id, now):
            events.append(dataclasses.replace(_client_event(meeting), cancelled=called_off))
        return _publish(events, _("Mijn leerkring"), now)


def _own_event(meeting: CalendarMeeting, uid: str, sequence: int, gives_it: bool, person_id: int) -> CalendarEvent:
    join = "" if gives_it else join_address(meeting.meeting_id, person_id, spoken())
    return event_of(meeting, uid=uid, sequence=sequence, page=page_of(meeting, gives_it, spoken()), join=join)


def _client_event(meeting: CalendarMeeting) -> CalendarEvent:
    page = client_page(meeting.edition_id, spoken())
    return event_of(meeting, uid=_shared_uid(meeting), sequence=0, page=page, private=False)


def _public_event(meeting: CalendarMeeting) -> CalendarEvent:
    page = edition_page(meeting.edition_id, spoken())
    return event_of(meeting, uid=_shared_uid(meeting), sequence=0, page=page, private=False)


def _shared_uid(meeting: CalendarMeeting) -> str:
    """Of an event that is nobody's own: it is read, never mailed."""
    return f"meeting-{meeting.meeting_id}@{host()}"


def _publish(events: Sequence[CalendarEvent], name: str, now: datetime) -> bytes:
    return build_calendar(Method.PUBLISH, events, organiser=organiser(), stamped_at=now, name=name)
