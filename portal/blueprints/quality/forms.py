"""The questions of an evaluation."""

from typing import Any

from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from portal.domain.quality.rules import HIGHEST, LONGEST_REMARK, LOWEST, Answers, Question
from portal.domain.quality.wording import ASKED, MISSING
from portal.language import _l
from portal.web.forms import AtMost, Filled, PortalForm, many_lines


def _grade(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def _scale(question: Question) -> RadioField:
    return RadioField(
        ASKED[question],
        choices=[SelectChoice(grade, str(grade)) for grade in range(LOWEST, HIGHEST + 1)],
        coerce=_grade,
        validators=[Filled(MISSING[question])],
    )


class EvaluationForm(PortalForm):
    """A grade for every question, each called as the question is, and room for words."""

    content = _scale(Question.CONTENT)
    trainer = _scale(Question.TRAINER)
    place = _scale(Question.PLACE)
    usefulness = _scale(Question.USEFULNESS)
    remark = TextAreaField(
        _l("Wat kan beter?"),
        description=_l("Noem liever geen namen, ook niet je eigen."),
        filters=[many_lines],
        validators=[AtMost(LONGEST_REMARK, _l("Houd het korter: hooguit %(most)s tekens", most=LONGEST_REMARK))],
    )

    @property
    def answers(self) -> Answers:
        return Answers({question: self[question].data for question in Question}, self.remark.data or "")
