"""Facts of certificates for the tests: SamenKracht in full, and what differs from it."""

from dataclasses import replace
from datetime import date

from portal.documents.certificate import CertificateFacts, ModuleRow, Points, RegisterFacts, RegisterPoints

CODE = "WZVG7P835YDXZP"


def both(points: Points) -> tuple[RegisterPoints, ...]:
    return (RegisterPoints(register="SKJ", points=points), RegisterPoints(register="Registerplein", points=points))


def skj(points: Points) -> RegisterFacts:
    return RegisterFacts(
        name="SKJ",
        full_name="Kwaliteitsregister Jeugd",
        points=points,
        accreditation_number="123456",
        valid_from=date(2025, 1, 1),
        valid_until=date(2027, 12, 31),
        registration_number="110024518",
    )


def registerplein(points: Points) -> RegisterFacts:
    return RegisterFacts(name="Registerplein", points=points, accreditation_number="654321")


MODULES = (
    ModuleRow(
        position=1,
        title="Maak de kring groter",
        held_on=date(2027, 3, 4),
        contact_minutes=210,
        points=both(4),
    ),
    ModuleRow(
        position=2,
        title="Kring vergroten in complexe situaties",
        held_on=date(2027, 3, 18),
        contact_minutes=210,
        points=both(4),
    ),
    ModuleRow(
        position=3,
        title="Kringvergroting met creatieve middelen",
        held_on=date(2027, 4, 1),
        contact_minutes=210,
        points=both(5),
    ),
    ModuleRow(
        position=4,
        title="Het faciliteren en organiseren van familiegroepsbijeenkomsten",
        held_on=date(2027, 4, 15),
        contact_minutes=210,
        points=both(6),
    ),
)

WHOLE = CertificateFacts(
    number="EKC-2027-000123",
    code=CODE,
    check_url=f"https://leerkring.example/c/{CODE}",
    holder_name="Dewi Hardjo",
    course_title="SamenKracht",
    title_kind="whole",
    rows=MODULES,
    registers=(skj(19), registerplein(19)),
    attendance_percent=100,
    preparation_minutes=180,
    delivery="onsite",
    trainers=("Noor van Dijk",),
    director="Hedda van Lieshout",
    place="Zwolle",
    issued_on=date(2027, 4, 16),
    issuer_name="Stichting Eigen Kracht Centrale",
    issuer_kvk="28094820",
    crkbo_line="CRKBO Register Instellingen",
    learning_result="de kring groter maken in complexe situaties.",
)

PARTIAL = replace(
    WHOLE,
    title_kind="partial",
    rows=(MODULES[0], MODULES[2]),
    registers=(skj(9), registerplein(9)),
    preparation_minutes=90,
)

INFORMAL_NETWORK = replace(
    WHOLE,
    course_title="Samenwerken met informeel netwerk",
    unit="onderdeel",
    rows=(
        ModuleRow(
            position=1,
            title="Samenwerken met informeel netwerk",
            held_on=date(2024, 6, 4),
            contact_minutes=120,
            points=(RegisterPoints(register="SKJ", points=3),),
        ),
    ),
    registers=(skj(3),),
    preparation_minutes=60,
    learning_result="",
)

FOR_THE_WHOLE_ONLY = replace(
    WHOLE,
    course_title="Faciliteren en organiseren van familiegroepsbijeenkomsten",
    rows=tuple(replace(row, points=()) for row in MODULES),
    registers=(skj(13),),
    notes=("Registerplein: telt niet mee, want de accreditatie gold tot en met 31 december 2024.",),
)
