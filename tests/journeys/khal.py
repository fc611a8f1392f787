"""The calendar of somebody who reads their mail: khal, a calendar program of its own, fed with what arrived.

khal reads what a mail brings and shows what is in it; it does not read mail. So the little that a mail program does is
here: it takes an event that is newer than what the calendar holds, by its SEQUENCE, and takes away what a CANCEL names
(RFC 5546, 2.1.5 and 3.2.5)."""

from __future__ import annotations

import os
import subprocess
from email.message import EmailMessage
from pathlib import Path

import vobject

from tests.journeys.invitation import Event, read_invitation
from tests.plugins.live import BIN

CONFIGURATION = """
[calendars]
[[leerkring]]
path = {folder}/events
[sqlite]
path = {folder}/khal.db
[default]
default_calendar = leerkring
[locale]
local_timezone = Europe/Amsterdam
default_timezone = Europe/Amsterdam
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
"""
SHOWN = "{start-date-long} {start-time}-{end-time} | {title} | {location}{cancelled}"


class KhalCalendar:
    """One person's. `folder` is theirs alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.events = folder / "events"
        self.events.mkdir(parents=True)
        (folder / "config").write_text(CONFIGURATION.format(folder=folder))

    def receive(self, mail: EmailMessage) -> None:
        """Does with a mail what a mail program does; one without a calendar changes nothing."""
        if mail.get_content_type() != "multipart/mixed":
            return
        method, events = read_invitation(mail)
        held = self._held()
        newer = {event.uid for event in events if event.sequence > held.get(event.uid, (-1, Path()))[0]}
        assert newer == {event.uid for event in events}, "a mail that is older than what the calendar holds already"
        if method == "CANCEL":
            for event in events:
                held[event.uid][1].unlink()
            return
        self._khal("import", "--batch", str(self._kept(mail, events)))

    def shown(self) -> list[str]:
        """What khal shows of the coming year: when, what, where."""
        lines = self._khal("list", "--once", "--day-format", "", "--format", SHOWN, "today", "365d").splitlines()
        return [line for line in lines if line]

    def _kept(self, mail: EmailMessage, events: list[Event]) -> Path:
        attachment = next(part for part in mail.iter_attachments())
        data = attachment.get_payload(decode=True)
        assert isinstance(data, bytes)
        path = self.folder / f"{events[0].uid}-{events[0].sequence}.ics"
        path.write_bytes(data)
        return path

    def _held(self) -> dict[str, tuple[int, Path]]:
        """The SEQUENCE and the file of each event that khal keeps, by its UID."""
        found = {}
        for path in self.events.glob("*.ics"):
            (event,) = vobject.readOne(path.read_text()).vevent_list
            assert event.uid.value not in found, "khal keeps one event twice"
            found[event.uid.value] = (int(event.sequence.value), path)
        return found

    def _khal(self, *arguments: str) -> str:
        done = subprocess.run(
            [BIN / "khal", "--no-color", "--config", self.folder / "config", *arguments],
            env=os.environ | {"HOME": str(self.folder), "XDG_DATA_HOME": str(self.folder), "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"khal {arguments}: {done.stdout}{done.stderr}"
        return done.stdout
