"""Reports of Zoom and Teams, as their programs write them, are read; what cannot be read is named by its row."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.clock import from_local
from portal.documents.meeting_report import BadReport, Doubt, Flaw, MeetingReport, Source, Visit, read_report
from portal.documents.unreadable import Unreadable

REPORTS = Path(__file__).resolve().parents[1] / "vectors" / "reports"
ON = date(2026, 11, 26)
ZOOM_HEAD = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest\n"


def of_file(name: str) -> MeetingReport:
    return read_report((REPORTS / name).read_bytes(), on=ON)


def at(text: str) -> datetime:
    return from_local(datetime.fromisoformat(f"2026-11-26T{text}"))


def read(*rows: str, on: date = ON) -> list[Visit]:
    return list(read_report((ZOOM_HEAD + "\n".join(rows)).encode(), on=on).visits)


def times(join: str, leave: str, on: date = ON) -> tuple[datetime, datetime]:
    (visit,) = read(f'Amira,,"{join}","{leave}",5,Yes', on=on)
    return visit.joined_at, visit.left_at


def flaws(data: bytes) -> list[tuple[Flaw, int | None, str]]:
    with pytest.raises(BadReport) as found:
        read_report(data, on=ON)
    return list(found.value.flaws)


TWICE_IN = [
    ("Amira el Khatib", "amira@buurt.example", at("09:28:11"), at("10:45:00")),
    ("Amira el Khatib", "amira@buurt.example", at("10:57:00"), at("12:30:40")),
]


def rows_of(report: MeetingReport, *names: str) -> list[tuple[str, str, datetime, datetime]]:
    return [
        (visit.name, visit.email.lower(), visit.joined_at, visit.left_at)
        for visit in report.visits
        if visit.name.startswith(names)
    ]


def test_a_report_of_zoom_with_its_block_about_the_meeting():
    report = of_file("zoom.csv")
    assert report.source == Source.ZOOM
    assert [visit.name for visit in report.visits] == [
        "Noor Jansen", "Amira el Khatib", "Amira el Khatib", "iPad van Bram (Bram Postma)", "Sule Yilmaz", "Jan",
    ]  # fmt: skip
    assert rows_of(report, "iPad") == [("iPad van Bram (Bram Postma)", "", at("09:42:30"), at("12:30:05"))]


def test_time_in_the_waiting_room_is_not_in_the_meeting():
    assert rows_of(of_file("zoom.csv"), "Amira")[0][2] == at("09:28:11")


@pytest.mark.parametrize("name", ["teams.csv", "teams_dutch.csv"])
def test_a_report_of_teams_gives_each_time_that_somebody_was_in(name: str):
    report = of_file(name)
    assert report.source == Source.TEAMS
    assert rows_of(report, "Amira") == TWICE_IN
    assert [row[2:] for row in rows_of(report, "Bram")] == [(at("09:42:30"), at("12:30:05"))]


def test_the_older_list_of_teams_is_read_from_who_came_and_went():
    report = of_file("teams_actions.csv")
    assert [row[2:] for row in rows_of(report, "Amira")] == [row[2:] for row in TWICE_IN]
    (bram,) = [visit for visit in report.visits if visit.name == "Bram Postma"]
    assert (bram.joined_at, bram.left_at, bram.doubt) == (at("09:42:30"), at("12:30:40"), Doubt.NO_LEAVE)


def test_teams_without_activities_gives_first_and_last():
    text = (REPORTS / "teams.csv").read_bytes().decode("utf-16").partition("3. In-Meeting")[0]
    report = read_report(text.encode("utf-16"), on=ON)
    assert rows_of(report, "Amira") == [("Amira el Khatib", "amira@buurt.example", at("09:28:11"), at("12:30:40"))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_reads_alike(encoding: str):
    text = ZOOM_HEAD + "Şule Yılmaz,,2026-11-26 09:30:00,2026-11-26 12:30:00,180,Yes\n"
    assert [visit.name for visit in read_report(text.encode(encoding), on=ON).visits] == ["Şule Yılmaz"]


@pytest.mark.parametrize(
    "written",
    [
        "11/26/2026 09:30:00 AM",
        "11/26/26, 9:30:00 AM",
        "11/26/26, 9:30:00\u202fAM",
        "26/11/2026 09:30",
        "26/11/2026, 09:30:00",
        "26-11-2026 09:30:00",
        "26.11.2026 9.30",
        "2026-11-26 09:30:00",
        "2026-11-26T09:30:00.000+01:00",
        "2026-11-26T08:30:00Z",
        "2026-11-26 10:30:00+0200",
    ],
)
def test_a_moment_is_the_same_however_it_is_written(written: str):
    assert times(written, "2026-11-26 12:30:00")[0] == at("09:30:00")


@pytest.mark.parametrize(
    ("join", "on", "expected"),
    [
        ("05/06/2026 09:30:00 AM", date(2026, 5, 6), (5, 6)),
        ("05/06/2026 09:30:00 AM", date(2026, 6, 5), (6, 5)),
        ("05/06/2026 09:30", date(2026, 5, 6), (5, 6)),
        ("05/06/2026 09:30", date(2026, 6, 5), (6, 5)),
        ("05/06/2026 09:30:00 AM", date(2026, 1, 1), (5, 6)),
        ("05/06/2026 09:30", date(2026, 1, 1), (6, 5)),
    ],
)
def test_day_and_month_are_told_apart_by_the_meeting(join: str, on: date, expected: tuple[int, int]):
    joined, _left = times(join, join, on)
    assert (joined.month, joined.day) == expected


def test_noon_and_midnight():
    assert times("11/26/2026 12:00:00 AM", "11/26/2026 12:00:00 PM") == (at("00:00:00"), at("12:00:00"))


def test_the_hour_that_comes_twice_is_read_as_the_first_and_said():
    (visit,) = read("Amira,,2026-10-25 02:50:00,2026-10-25 02:10:00,20,Yes", on=date(2026, 10, 25))
    assert visit.joined_at == datetime(2026, 10, 25, 0, 50, tzinfo=UTC)
    assert (visit.left_at - visit.joined_at, visit.doubt) == (timedelta(minutes=20), Doubt.TWICE)
    (other,) = read("Amira,,2026-10-25 02:10:00,2026-10-25 03:10:00,20,Yes", on=date(2026, 10, 25))
    assert (other.left_at - other.joined_at, other.doubt) == (timedelta(hours=2), Doubt.TWICE)


def test_the_hour_that_is_skipped_is_said():
    (visit,) = read("Amira,,2027-03-28 02:30:00,2027-03-28 04:00:00,30,Yes", on=date(2027, 3, 28))
    assert (visit.joined_at, visit.doubt) == (datetime(2027, 3, 28, 1, 30, tzinfo=UTC), Doubt.NEVER)


def test_a_row_that_cannot_be_read_is_named():
    rows = (
        "Amira,,gisteren,2026-11-26 12:30:00,1,Yes",
        "Bram,,2026-11-26 09:30:00,later,1,Yes",
        "Cem,,2026-11-26 09:30:00,2026-11-26 09:00:00,1,Yes",
        "Dewi,,13/13/2026 09:30,2026-11-26 09:00:00,1,Yes",
        "Els,,2026-11-26 25:30:00,2026-11-26 09:00:00,1,Yes",
        "Fenna,,0001-01-01 00:00:00,2026-11-26 09:00:00,1,Yes",
        "Goos,,2026-11-26 09:00:00+99:00,2026-11-26 09:00:00,1,Yes",
    )
    assert flaws((ZOOM_HEAD + "\n".join(rows)).encode()) == [
        (Flaw.BAD_JOIN, 2, "Amira"),
        (Flaw.BAD_LEAVE, 3, "Bram"),
        (Flaw.LEFT_BEFORE, 4, "Cem"),
        (Flaw.BAD_JOIN, 5, "Dewi"),
        (Flaw.BAD_JOIN, 6, "Els"),
        (Flaw.BAD_JOIN, 7, "Fenna"),
        (Flaw.BAD_JOIN, 8, "Goos"),
    ]


def test_what_is_no_report_says_so():
    assert flaws(b"naam;organisatie\nAmira;Zorg\n")[0][0] == Flaw.NOT_A_REPORT
    assert flaws((REPORTS / "zoom_unique.csv").read_bytes())[0][0] == Flaw.NO_TIMES
    assert flaws(ZOOM_HEAD.encode())[0][0] == Flaw.NOBODY
    for data in (b"", b"  \n", b"%PDF-1.7", b"\xff\xfe\x00"):
        with pytest.raises(Unreadable):
            read_report(data, on=ON)


def test_a_thousand_rows_are_read_and_no_more():
    row = "Amira,,2026-11-26 09:30:00,2026-11-26 12:30:00,180,Yes\n"
    assert len(read_report((ZOOM_HEAD + row * 1000).encode(), on=ON).visits) == 1000
    assert flaws((ZOOM_HEAD + row * 1001).encode()) == [(Flaw.TOO_MANY, None, "")]


def test_names_are_only_text():
    names = ["=1+1", "<b>Els</b>", "\u202eslE", "x" * 200, "Naam, met komma", "Name", "3 mensen", "@Ali"]
    rows = [f'"{name}",,2026-11-26 09:30:00,2026-11-26 12:30:00,180,Yes' for name in names]
    assert [visit.name for visit in read(*rows)] == [name.replace("\u202e", "") for name in names]


@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: (ZOOM_HEAD + text).encode()))
def test_whatever_is_sent_is_read_or_refused(data: bytes):
    try:
        report = read_report(data, on=ON)
    except (BadReport, Unreadable):
        return
    assert all(visit.joined_at <= visit.left_at for visit in report.visits)
