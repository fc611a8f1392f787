"""What the office has decided about enrolling: terms and days that no register or law fixes.

Every decision is a version of its own and stays; the newest holds. Where nothing was decided the defaults hold (source:
decisions of the foundation; the registers and the law leave these open)."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Select, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit
from portal.audit import Actor
from portal.db import Base, UtcDateTime, db
from portal.domain.enrolment.events import PolicyDecided
from portal.errors import Refused
from portal.language import _, _l


@dataclass(frozen=True)
class Policy:
    """One version. Hours and days are whole; days count back from a meeting, or from the first of an enrolment, save
    those of the evaluation and the hand-over, which count on from the last meeting of an edition."""

    offer_hours: int = 48
    """How long an offered seat is held, when the start is far away."""
    enrolment_closes_hours: int = 0
    """In the last so many hours before the first meeting that is chosen nobody enrols or is offered a seat. A seat that
    was held before can still be taken; the office, and an organisation in its own edition, can still add people."""
    naming_days: int = 7
    """Places that were reserved without a name are named at the latest so many days before the first meeting."""
    mail_wait_minutes: int = 10
    """So long the mails about a deed of the office wait, and can be stopped."""
    practical_days: int = 14
    """When practical information goes out."""
    preparation_days: int = 7
    """When people are reminded of preparation that is asked."""
    tomorrow_days: int = 1
    """When people are reminded of the meeting itself."""
    minimum_warning_days: int = 14
    """When it must be decided whether an edition below its minimum is given."""
    evaluation_days: int = 1
    """So many days after the last meeting people are asked what they thought of it."""
    evaluation_open_days: int = 21
    """So many days after that they may still answer."""
    handover_days: int = 14
    """Within so many days after the last meeting the points are handed over to the registers."""
    paper_number_digits: int = 3
    """So many last digits of a register number are printed on a list that goes round the room: enough for its holder to
    see that it is the right one. 0 prints none of them."""


@dataclass(frozen=True)
class Bounds:
    """The least and the most that may be decided, and how the field is called."""

    label: object
    unit: object
    least: int
    most: int


HOURS, DAYS, MINUTES, DIGITS = _l("uur"), _l("dagen"), _l("minuten"), _l("cijfers")
BOUNDS = {
    "offer_hours": Bounds(_l("Een aangeboden plek blijft staan"), HOURS, 1, 24 * 14),
    "enrolment_closes_hours": Bounds(_l("Inschrijven sluit voor het begin"), HOURS, 0, 24 * 60),
    "naming_days": Bounds(_l("Namen bij gereserveerde plekken, vóór het begin"), DAYS, 0, 90),
    "mail_wait_minutes": Bounds(_l("Mail over een wijziging wacht, om te kunnen tegenhouden"), MINUTES, 0, 24 * 60),
    "practical_days": Bounds(_l("Praktische informatie, vóór het begin"), DAYS, 1, 90),
    "preparation_days": Bounds(_l("Herinnering aan de voorbereiding, vóór het dagdeel"), DAYS, 1, 90),
    "tomorrow_days": Bounds(_l("Herinnering aan het dagdeel zelf, ervoor"), DAYS, 1, 14),
    "minimum_warning_days": Bounds(_l("Beslissen over doorgaan, vóór het begin"), DAYS, 0, 90),
    "evaluation_days": Bounds(_l("Evaluatie vragen, na de laatste bijeenkomst"), DAYS, 1, 30),
    "evaluation_open_days": Bounds(_l("Evaluatie invullen, nadat we haar vroegen"), DAYS, 1, 90),
    "handover_days": Bounds(_l("Punten doorgeven aan de registers, na de laatste bijeenkomst"), DAYS, 1, 90),
    "paper_number_digits": Bounds(_l("Van een registratienummer op de papieren lijst: de laatste"), DIGITS, 0, 20),
}


class PolicyVersion(Base):
    """A decision as it was taken. `decided` holds the fields of a Policy; one that is not in it has its default."""

    __tablename__ = "policy_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    decided: Mapped[dict[str, int]] = mapped_column(JSON)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))


def current_policy(now: datetime) -> Policy:
    """What holds at an instant. One query."""
    return policy_of(db.session.scalar(newest_decision(now)))


def newest_decision(now: datetime) -> Select[dict[str, int]]:
    """The statement for what was decided last by an instant: one row or none, for policy_of."""
    by_then = select(PolicyVersion.decided).where(PolicyVersion.decided_at <= now)
    return by_then.order_by(PolicyVersion.id.desc()).limit(1)


def policy_of(decided: dict[str, int] | None) -> Policy:
    """The policy that was decided; the defaults where nothing was."""
    known = {field.name for field in fields(Policy)}
    return Policy(**{name: number for name, number in (decided or {}).items() if name in known})


def decide_policy(*, policy: Policy, actor: Actor, now: datetime) -> tuple[str, ...]:
    """Lets another policy hold from now on; the names of what differs. The same once more changes nothing.

    Raises Refused, at its field, for a number outside its bounds."""
    for name, number in asdict(policy).items():
        bounds = BOUNDS[name]
        if not bounds.least <= number <= bounds.most:
            sentence = _("Vul een getal in van %(least)s tot en met %(most)s", least=bounds.least, most=bounds.most)
            raise Refused(sentence, name)
    before = asdict(current_policy(now))
    changed = tuple(name for name, number in asdict(policy).items() if number != before[name])
    if changed:
        db.session.add(PolicyVersion(decided=asdict(policy), decided_at=now, decided_by_id=actor.id))
        db.session.flush()
        values = tuple(f"{name}: {before[name]} -> {getattr(policy, name)}" for name in changed)
        audit.record(PolicyDecided(changed=values), actor=actor, at=now)
    return changed
