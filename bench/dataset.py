"""A portal with a past: the real catalogue, editions of twelve people, and so many enrolments. Always the same rows.

Written by bulk inserts with ids of our own, past the commands: no mail and no log entry belongs to these rows. One in
ten editions is still to come. The certificates of the past have their facts but, save one, no bytes: thirty thousand
PDFs would fill a gigabyte and no page reads them."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select, text

from bench.servers import application
from portal import clock
from portal.audit import Actor
from portal.db import Base, db, transaction
from portal.documents.certificate import facts_to_json, render_certificate
from portal.domain.accounts.models import Person, RoleGrant
from portal.domain.accounts.passwords import hash_password
from portal.domain.accounts.rules import Role
from portal.domain.attendance.models import Attendance, AttendanceSheet
from portal.domain.attendance.rules import Status
from portal.domain.catalogue.commands import import_catalogue
from portal.domain.catalogue.models import Course, Edition, Meeting, MeetingTrainer, Module
from portal.domain.catalogue.rules import Delivery, EditionKind, EditionState
from portal.domain.certificates.models import Certificate
from portal.domain.certificates.rules import CertificateState
from portal.domain.enrolment.models import Enrolment, Seat, TermsVersion
from portal.domain.enrolment.rules import ContractParty, EnrolmentState
from tests.documents.sample_certificates import WHOLE

CATALOGUE = Path(__file__).resolve().parent.parent / "portal" / "data" / "catalogue-2024.toml"
PASSWORD = "leerkring-bench"
PARTICIPANT = "deelnemer@bench.example"
TRAINER = "trainer@bench.example"
OFFICE = "bureau@bench.example"
SLUG = "samenkracht"
PLACES = ("Zwolle", "Utrecht", "Groningen", "Eindhoven", "Middelburg")
NAMES = ("Şule Yılmaz-Škrabáková", "Nguyễn Thị Ánh", "Jean-Éric D'Angélo", "Ó Briain", "Dewi Hardjo", "Noor van Dijk")
GROUP = 12
IN_CLASS = 20
TO_CERTIFY = 40
ROOM_FOR_ALL = 100_000
AT_ONCE = 2000


@dataclass(frozen=True)
class Landmarks:
    """What the pages that are measured are about."""

    edition: int
    """To come, twelve people in it."""
    roomy: int
    """To come, with room for everybody who enrols during the benchmark."""
    small: int
    """To come, five seats, all free."""
    meeting: int
    """Began an hour ago, twenty people, nobody marked."""
    finished: int
    """Past, forty people who attended all of it and have no certificate yet."""
    code: str
    """Of a valid certificate."""


def fill(environment: dict[str, str], enrolments: int) -> Landmarks:
    """Fills an empty, migrated database with so many enrolments (a multiple of twelve, and hundreds at least)."""
    with application(environment):
        with transaction():
            import_catalogue(data=CATALOGUE.read_bytes(), actor=Actor.system("cli"), now=clock.now())
        with transaction():
            filler = _Filler()
            landmarks = filler.fill(enrolments)
            filler.write()
        if db.engine.dialect.name == "postgresql":
            _count_on_from_here()
        db.session.execute(text("ANALYZE"))
        db.session.commit()
    return landmarks


class _Filler:
    """Collects the rows of every table, then writes them table by table."""

    def __init__(self) -> None:
        self.now = clock.now().replace(minute=0, second=0, microsecond=0)
        self.rows: dict[type[Base], list[dict[str, Any]]] = {}
        self.terms_id = db.session.scalars(select(TermsVersion.id).order_by(TermsVersion.id)).first()
        self.courses: list[tuple[int, list[int]]] = []
        for course in db.session.execute(select(Course.id, Course.requires).order_by(Course.id)).all():
            modules = select(Module.id).where(Module.course_id == course.id).order_by(Module.position)
            if not course.requires:
                self.courses.append((course.id, list(db.session.scalars(modules))))

    def fill(self, enrolments: int) -> Landmarks:
        self.person("Fatma de Boer", OFFICE, Role.OFFICE)
        self.trainer_id = self.person("Noor van Dijk", TRAINER, Role.TRAINER)
        self.participant_id = self.person("Şule Yılmaz-Škrabáková", PARTICIPANT, Role.PARTICIPANT)
        began = self.edition(0, self.now - timedelta(hours=1))
        meeting_id = self.rows[Meeting][-len(self.courses[0][1])]["id"]
        self.group(began, IN_CLASS)
        finished = self.edition(0, self.now - timedelta(weeks=8))
        self.group(finished, TO_CERTIFY, attended=True)
        edition = self.edition(0, self.now + timedelta(days=20))
        self.group(edition, GROUP, also=self.participant_id)
        roomy = self.edition(0, self.now + timedelta(days=40), capacity=ROOM_FOR_ALL)
        small = self.edition(0, self.now + timedelta(days=41), capacity=5)
        left = enrolments - len(self.rows[Enrolment])
        editions = -(-left // GROUP)
        coming = max(10, editions // 10)
        for number in range(editions):
            weeks = number // 5 + 3 if number < coming else -(number - coming) // 5 - 13
            made = self.edition(number, self.now + timedelta(weeks=weeks, days=number % 5))
            also = self.participant_id if number in (1, coming + 1) else None
            self.group(made, min(GROUP, left - number * GROUP), also=also, certified=number >= coming)
        return Landmarks(edition, roomy, small, meeting_id, finished, self.real_certificate())

    def add(self, table: type[Base], **values: Any) -> int:
        rows = self.rows.setdefault(table, [])
        values["id"] = len(rows) + 1
        rows.append(values)
        return len(rows)

    def person(self, name: str, email: str, role: Role | None = None) -> int:
        password_hash = hash_password(PASSWORD) if role else None
        values = {"language": "nl", "employer": "Wijkteam Assendorp", "initials_only": True, "created_at": self.now}
        made = self.add(Person, name=name, email=email, password_hash=password_hash, **values)
        if role:
            self.add(RoleGrant, person_id=made, role=role, organisation_id=None)
        return made

    def edition(self, number: int, first_at: datetime, capacity: int | None = None) -> int:
        course_id, modules = self.courses[number % len(self.courses)]
        made = self.add(
            Edition,
            course_id=course_id,
            kind=EditionKind.OPEN,
            state=EditionState.PUBLISHED,
            delivery=Delivery.ONSITE,
            place=PLACES[number % len(PLACES)],
            minimum=0,
            price_cents=None,
            starts_on=clock.local_date(first_at),
            published_at=self.now - timedelta(days=400),
        )
        for week, module_id in enumerate(modules):
            starts_at = first_at + timedelta(weeks=week)
            meeting_id = self.add(
                Meeting,
                edition_id=made,
                module_id=module_id,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(hours=3, minutes=30),
                venue="Grote Markt 1",
                link="",
                capacity=capacity or TO_CERTIFY,
                taken=0,
            )
            self.rows.setdefault(MeetingTrainer, []).append({"meeting_id": meeting_id, "person_id": self.trainer_id})
        return made

    def group(
        self, edition_id: int, people: int, *, also: int | None = None, attended: bool = False, certified: bool = False
    ) -> None:
        meetings = [row for row in self.rows[Meeting][-len(self.courses[0][1]) :] if row["edition_id"] == edition_id]
        for number in range(people):
            serial = len(self.rows.get(Enrolment, [])) + 1
            name = f"{NAMES[serial % len(NAMES)]} {serial}"
            who = also if also and number == 0 else self.person(name, f"p{serial}@bench.example")
            enrolment_id = self.add(
                Enrolment,
                number=f"B-{serial:06}",
                edition_id=edition_id,
                person_id=who,
                state=EnrolmentState.COMPLETED if attended or certified else EnrolmentState.ENROLLED,
                whole=True,
                participant_name=name,
                employer="Wijkteam Assendorp",
                contract_party=ContractParty.PARTICIPANT,
                order_reference="",
                price_cents=79500,
                terms_version_id=self.terms_id,
                enrolled_at=self.now - timedelta(days=120),
            )
            for meeting in meetings:
                meeting["taken"] += 1
                seat_id = self.add(Seat, enrolment_id=enrolment_id, meeting_id=meeting["id"])
                if attended:
                    self.mark(seat_id)
            if certified:
                self.certificate(enrolment_id, f"X{serial:013}", name, b"")
        if attended:
            for meeting in meetings:
                self.rows.setdefault(AttendanceSheet, []).append(
                    {
                        "meeting_id": meeting["id"],
                        "finished_at": meeting["ends_at"],
                        "finished_by_id": self.trainer_id,
                        "signed_name": "Noor van Dijk",
                    }
                )

    def mark(self, seat_id: int) -> None:
        values = {"minutes_late": 0, "minutes_left_early": 0, "excuse": "", "preparation_done": True}
        who = {"marked_at": self.now, "marked_by_id": self.trainer_id}
        self.rows.setdefault(Attendance, []).append({"seat_id": seat_id, "status": Status.PRESENT, **values, **who})

    def real_certificate(self) -> str:
        """A certificate with its bytes, for the last of the past."""
        last = self.rows[Certificate][-1]
        pdf = render_certificate(WHOLE)
        last |= {"code": WHOLE.code, "pdf": pdf, "sha256": hashlib.sha256(pdf).hexdigest()}
        last["facts"] = facts_to_json(WHOLE)
        return WHOLE.code

    def certificate(self, enrolment_id: int, code: str, name: str, pdf: bytes) -> None:
        number = f"EKC-2000-{enrolment_id:06}"
        facts = replace(WHOLE, number=number, code=code, holder_name=name, issued_on=date(2026, 1, 1))
        self.add(
            Certificate,
            number=number,
            code=code,
            enrolment_id=enrolment_id,
            state=CertificateState.VALID,
            facts=facts_to_json(facts),
            pdf=pdf,
            sha256=hashlib.sha256(pdf).hexdigest(),
            issued_at=datetime.combine(date(2026, 1, 1), time(12), self.now.tzinfo),
            issued_by_id=1,
            end_reason="",
        )

    def write(self) -> None:
        order = [table for table in Base.metadata.sorted_tables if table in {t.__table__ for t in self.rows}]
        by_table = {table.__table__: rows for table, rows in self.rows.items()}
        for table in order:
            rows = iter(by_table[table])
            while some := list(islice(rows, AT_ONCE)):
                db.session.execute(insert(table), some)


def _count_on_from_here() -> None:
    """Lets PostgreSQL's counters go on after the ids that were given here."""
    for table in Base.metadata.sorted_tables:
        if "id" in table.columns and (last := db.session.scalar(select(func.max(table.c.id)))):
            counter = db.session.scalar(text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": table.name})
            if counter:
                db.session.execute(text("SELECT setval(:counter, :last)"), {"counter": counter, "last": last})
    db.session.commit()
