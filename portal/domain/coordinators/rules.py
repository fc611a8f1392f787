"""The coordinator's pathway, as a pure function of what has been done.

Source: the foundation's annual report 2024: EK-1 takes three days; after at least two conferences a coordinator is
invited to EK-2; after the first conference there is an evaluation with the regional manager. What EK-2 itself asks
first is set with the course: enrolment/prerequisites.py."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ConferenceKind(StrEnum):
    """What a conference was about, in the widest terms: never who."""

    FAMILY = "family"
    RESTORATIVE = "restorative"
    GROUP = "group"


class Step(StrEnum):
    EK1 = "ek1"
    FIRST_CONFERENCE = "first_conference"
    SECOND_CONFERENCE = "second_conference"
    EK2 = "ek2"


class Progress(StrEnum):
    DONE = "done"
    NOW = "now"
    COMING = "coming"


@dataclass(frozen=True)
class PathStep:
    """One step: how far it is and, when done, on which date."""

    step: Step
    progress: Progress
    done_on: date | None = None


def pathway(*, ek1_on: date | None, conferences: list[date], ek2_on: date | None) -> list[PathStep]:
    """The four steps in order. The first that is not done is 'now', those after it 'coming', whatever was done out of
    order stays 'done'."""
    held = sorted(conferences)
    dates = [
        (Step.EK1, ek1_on),
        (Step.FIRST_CONFERENCE, held[0] if held else None),
        (Step.SECOND_CONFERENCE, held[1] if len(held) > 1 else None),
        (Step.EK2, ek2_on),
    ]
    steps: list[PathStep] = []
    found_now = False
    for step, done_on in dates:
        if done_on is not None:
            steps.append(PathStep(step, Progress.DONE, done_on))
        else:
            steps.append(PathStep(step, Progress.COMING if found_now else Progress.NOW))
            found_now = True
    return steps
