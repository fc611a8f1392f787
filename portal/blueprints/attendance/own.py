"""Whose list it is."""

from portal.domain.accounts.rules import Role
from portal.domain.attendance.access import may_keep_list
from portal.domain.attendance.queries import MeetingHead, get_meeting_head
from portal.errors import NotFound
from portal.web.access import allow
from portal.web.signing import the_person

keepers = allow(Role.TRAINER, Role.OFFICE)


def own_meeting(meeting_id: int) -> MeetingHead:
    """The meeting, when the signed-in person may keep its list; else it does not exist for them (NotFound), nor does a
    list of people who are counted only."""
    head = any_meeting(meeting_id)
    if head.counted_only:
        raise NotFound
    return head


def any_meeting(meeting_id: int) -> MeetingHead:
    """As own_meeting, also of people who are counted only."""
    head = get_meeting_head(meeting_id)
    if not may_keep_list(the_person(), head.trainer_ids):
        raise NotFound
    return head
