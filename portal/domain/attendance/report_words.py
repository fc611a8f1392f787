"""The sentences about reports of meeting programs."""

from collections.abc import Sequence

from portal.documents.meeting_report import MOST_ROWS, BadReport, Doubt, Flaw, Source, Visit
from portal.domain.attendance.queries import MeetingHead
from portal.language import _, _n, clock_time, day, period

MOST_ROWS_NAMED = 5


def unreadable_in_words() -> str:
    """For a file that is no list at all."""
    return str(_("Dit bestand kunnen we niet lezen. Kies het .csv-bestand zoals Zoom of Teams het geeft."))


def flaws_in_words(error: BadReport) -> str:
    """What is wrong with a report, with at most so many of its rows."""
    said = [_flaw_in_words(*flaw) for flaw in error.flaws[:MOST_ROWS_NAMED]]
    more = len(error.flaws) - MOST_ROWS_NAMED
    if more > 0:
        said.append(_n("Nog %(num)s regel klopt niet.", "Nog %(num)s regels kloppen niet.", more))
    return " ".join(said)


def _flaw_in_words(flaw: Flaw, line: int | None, name: str) -> str:
    of = {"line": line, "name": name or _("zonder naam")}
    sentences = {
        Flaw.NOT_A_REPORT: _(
            "Dit is geen verslag van Zoom of Teams: er is geen regel met kopjes zoals Name en Join Time."
        ),
        Flaw.NO_TIMES: _(
            "In dit verslag staat niet wanneer mensen binnenkwamen. Zet in Zoom het vinkje bij unieke gebruikers (Show"
            " unique users) uit en exporteer opnieuw."
        ),
        Flaw.NOBODY: _("In dit verslag staat niemand."),
        Flaw.TOO_MANY: _(
            "In dit verslag staan meer dan %(most)s regels. Zo veel kunnen we er niet aan.", most=MOST_ROWS
        ),
        Flaw.BAD_JOIN: _("Regel %(line)s (%(name)s): de tijd van binnenkomst is niet te lezen.", **of),
        Flaw.BAD_LEAVE: _("Regel %(line)s (%(name)s): de tijd van vertrek is niet te lezen.", **of),
        Flaw.LEFT_BEFORE: _("Regel %(line)s (%(name)s): het vertrek ligt voor de binnenkomst.", **of),
    }
    return str(sentences[flaw])


def other_meeting_in_words(visits: Sequence[Visit], head: MeetingHead) -> str:
    """For a report of another time than the meeting's, naming both."""
    first, last = min(visit.joined_at for visit in visits), max(visit.left_at for visit in visits)
    return str(
        _(
            "Dit verslag is van een andere bijeenkomst: het loopt op %(of_report)s van %(first)s tot %(last)s. Deze"
            " bijeenkomst is op %(of_meeting)s, %(period)s.",
            of_report=day(first),
            first=clock_time(first),
            last=clock_time(last),
            of_meeting=day(head.starts_at),
            period=period(head.starts_at, head.ends_at),
        )
    )


def source_in_words(source: Source) -> str:
    """The name of the program."""
    return {Source.ZOOM: "Zoom", Source.TEAMS: "Teams"}[source]


def doubt_in_words(doubt: Doubt) -> str:
    """What is uncertain about somebody's time."""
    sentences = {
        Doubt.TWICE: _("Die nacht ging de klok terug en kwam dit uur twee keer. We rekenen met de eerste keer."),
        Doubt.NEVER: _("Die nacht ging de klok vooruit en dit uur bestond niet. We rekenen een uur later."),
        Doubt.NO_LEAVE: _("Er staat geen vertrek bij. We rekenen tot de laatste tijd in het verslag."),
    }
    return str(sentences[doubt])
