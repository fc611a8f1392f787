"""The reminders as mails: one for all that falls on one day."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from portal.clock import local_date
from portal.domain.accounts.mails import recipient
from portal.domain.accounts.models import Person
from portal.domain.calendar.join_links import join_address
from portal.domain.calendar.rules import leads_in
from portal.domain.enrolment import reminder_texts as words
from portal.domain.enrolment.reminder_queries import EnrolmentTold, MeetingTold
from portal.domain.enrolment.reminder_rules import Occasion, ReminderKind, When, when
from portal.language import _, clock_time, day, period, speaking, spoken
from portal.links import link
from portal.mail import Letter, enqueue, texts

TEXTS = {
    ReminderKind.PRACTICAL: words.PRACTICAL,
    ReminderKind.PREPARATION: words.PREPARATION,
    ReminderKind.TOMORROW: words.TOMORROW,
}


def reminder(
    person: Person,
    enrolment: EnrolmentTold,
    due: Sequence[Occasion],
    trainers: Mapping[int, Sequence[str]],
    now: datetime,
) -> None:
    """To a participant: all that is due, in the order given; the first gives the subject."""
    first = enrolment.meetings[due[0].meeting_id]
    with speaking(person.language):
        letters = [
            texts.letter(TEXTS[each.kind], _values(person, enrolment.meetings[each.meeting_id], now))
            for each in _one_of_each_kind(due)
        ]
        letter = Letter(
            letters[0].subject,
            _once(paragraph for letter in letters for paragraph in letter.paragraphs),
            facts=_facts(enrolment, due, trainers, now),
            button=(_("Bekijk je inschrijving"), link(f"/mijn/inschrijvingen/{enrolment.id}", person.language)),
            closing=_once(paragraph for letter in letters for paragraph in letter.closing),
            after=_after(enrolment, due),
        )
    _queue(letter, due[0], person, first.edition_id, now)


def trainers_day(
    person: Person, due: Sequence[Occasion], meetings: Mapping[int, MeetingTold], people: Mapping[int, int],
    now: datetime,
) -> None:  # fmt: skip
    """To a trainer: what they give on one day, how many people come, and the way to the list."""
    given = [meetings[each.meeting_id] for each in due]
    with speaking(person.language):
        titles = ", ".join(dict.fromkeys(meeting.title for meeting in given))
        path = f"/bijeenkomsten/{given[0].id}/presentie" if len(given) == 1 else "/trainer"
        button = _("Naar de lijst") if len(given) == 1 else _("Naar je lijsten")
        letter = texts.letter(
            words.TRAINER,
            {**_values(person, given[0], now), "training": titles},
            facts=[_given(meeting, people[meeting.id]) for meeting in given],
            button=(button, link(path, person.language)),
        )
    _queue(letter, due[0], person, given[0].edition_id, now)


def _one_of_each_kind(due: Sequence[Occasion]) -> list[Occasion]:
    return list({each.kind: each for each in reversed(due)}.values())[::-1]


def _once(paragraphs: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(paragraphs))


def _values(person: Person, meeting: MeetingTold, now: datetime) -> dict[str, str]:
    return {
        "naam": person.name,
        "training": meeting.title,
        "dagdeel": str(meeting.position),
        "datum": day(meeting.starts_at),
        "tijd": clock_time(meeting.starts_at),
        "plaats": meeting.where,
        "wanneer": _when(meeting.starts_at, now),
    }


def _when(starts_at: datetime, now: datetime) -> str:
    called = when(local_date(starts_at), local_date(now))
    names = {When.TODAY: _("vandaag"), When.TOMORROW: _("morgen"), When.LATER: _("op %(day)s", day=day(starts_at))}
    return str(names[called])


def _facts(
    enrolment: EnrolmentTold, due: Sequence[Occasion], trainers: Mapping[int, Sequence[str]], now: datetime
) -> tuple[tuple[str, str], ...]:
    """The meetings that the mail is about: all that come when it is the practical information. Each with its trainers,
    the reader's own way into an online one, and its preparation where that is told."""
    everything = any(each.kind is ReminderKind.PRACTICAL for each in due)
    about = {each.meeting_id for each in due}
    prepared = {each.meeting_id for each in due if each.kind is ReminderKind.PREPARATION}
    facts: list[tuple[str, str]] = []
    shown = [m for m in enrolment.meetings.values() if m.starts_at > now and (everything or m.id in about)]
    for meeting in shown:
        facts.append((_label(meeting), ", ".join([*_times(meeting), meeting.where])))
        if leads_in(meeting.link):
            way_in = join_address(meeting.id, enrolment.person_id, spoken())
            facts.append((str(_("Online %(position)s", position=meeting.position)), way_in))
        if meeting.preparation and (everything or meeting.id in prepared):
            facts.append((str(_("Voorbereiding %(position)s", position=meeting.position)), _preparation(meeting)))
    names = list(dict.fromkeys(name for meeting in shown for name in trainers.get(meeting.id, ())))
    if names:
        facts.append((str(_("Trainers")), ", ".join(names)))
    return tuple(facts)


def _label(meeting: MeetingTold) -> str:
    return str(_("Dagdeel %(position)s", position=meeting.position))


def _times(meeting: MeetingTold) -> list[str]:
    return [day(meeting.starts_at), period(meeting.starts_at, meeting.ends_at)]


def _preparation(meeting: MeetingTold) -> str:
    if not meeting.preparation_minutes:
        return meeting.preparation
    text, minutes = meeting.preparation, meeting.preparation_minutes
    return str(_("%(text)s (ongeveer %(minutes)s minuten)", text=text, minutes=minutes))


def _after(enrolment: EnrolmentTold, due: Sequence[Occasion]) -> tuple[str, ...]:
    kinds = {each.kind for each in due}
    waits = (words.points_wait(),) if ReminderKind.PREPARATION in kinds else ()
    return (*waits, *(words.how_to_cancel() if ReminderKind.PRACTICAL in kinds else ()))


def _given(meeting: MeetingTold, people: int) -> tuple[str, str]:
    parts = [meeting.title, period(meeting.starts_at, meeting.ends_at), meeting.where, words.people(people)]
    return _label(meeting), ", ".join(part for part in parts if part)


def _queue(letter: Letter, first: Occasion, person: Person, edition_id: int, now: datetime) -> None:
    enqueue(
        letter,
        kind=f"enrolment.{first.kind}",
        to=recipient(person),
        dedupe_key=f"reminder:{person.id}:{first.key}",
        now=now,
        edition_id=edition_id,
    )
