"""What is graded: as it is asked, as it is missed, and as it stands above a column."""

from babel.numbers import format_decimal

from portal.domain.quality.rules import Question
from portal.language import _l, spoken

ASKED = {
    Question.CONTENT: _l("Wat vond je van de inhoud?"),
    Question.TRAINER: _l("Wat vond je van de trainers?"),
    Question.PLACE: _l("Wat vond je van de plek en het materiaal?"),
    Question.USEFULNESS: _l("Hoe goed kun je het in je werk gebruiken?"),
}
MISSING = {
    Question.CONTENT: _l("Kies een cijfer van 1 tot en met 10 voor de inhoud"),
    Question.TRAINER: _l("Kies een cijfer van 1 tot en met 10 voor de trainers"),
    Question.PLACE: _l("Kies een cijfer van 1 tot en met 10 voor de plek en het materiaal"),
    Question.USEFULNESS: _l("Kies een cijfer van 1 tot en met 10 voor wat je ermee kunt in je werk"),
}
IN_SHORT = {
    Question.CONTENT: _l("Inhoud"),
    Question.TRAINER: _l("Trainers"),
    Question.PLACE: _l("Plek en materiaal"),
    Question.USEFULNESS: _l("Bruikbaar in het werk"),
}


def grade(mean: float) -> str:
    """'8,3' in Dutch, '8.3' in English."""
    return str(format_decimal(round(mean, 1), format="0.0", locale=spoken()))
