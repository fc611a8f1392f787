"""The style guide: every component of the portal in every state, for who makes pages and for the tests of the look."""

from flask import Blueprint
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    FileField,
    Form,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Email, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.web.access import public
from portal.web.forms import Filled, PortalForm
from portal.web.pages import page

blueprint = Blueprint("styleguide", __name__)

WITHOUT_TOKEN = {"csrf": False}


class SampleForm(PortalForm):
    """One field of every kind. Nothing is ever sent with it."""

    name = StringField("Je naam", [Filled("Vul je naam in")], description="Zoals die op je certificaat komt te staan")
    email = EmailField("Je e-mailadres", [Email("Vul je e-mailadres in zoals naam@organisatie.nl")])
    register_number = StringField("SKJ-nummer", [Optional()])
    wish = TextAreaField("Wat wil je leren?", [Optional()])
    region = SelectField(
        "Regio",
        choices=[SelectChoice("", "Kies een regio"), SelectChoice("zwolle", "Zwolle")],
        validators=[Filled("Kies een regio")],
    )
    who = RadioField(
        "Voor wie meld je aan?",
        choices=[SelectChoice("self", "Voor mij"), SelectChoice("team", "Voor collega’s")],
        validators=[Filled("Kies of je voor jezelf of voor een collega aanmeldt")],
    )
    modules = SelectMultipleField(
        "Welke dagdelen?",
        choices=[
            SelectChoice("1", "1. Maak de kring groter"),
            SelectChoice("2", "2. Kring vergroten in complexe situaties"),
        ],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[Filled("Kies ten minste één dagdeel")],
    )
    day = DateField("Datum", [Optional()])
    begins = TimeField("Begin", [Optional()])
    people = IntegerField("Aantal deelnemers", [Optional()])
    list_of_people = FileField("Deelnemerslijst", [Optional()])
    terms = BooleanField(
        "Ik ga akkoord met de algemene voorwaarden",
        [Filled("Ga akkoord met de algemene voorwaarden om mee te doen")],
    )


class SampleGrade(Form):
    """A question that is answered with a grade."""

    grade = RadioField(
        "Wat vond je van de inhoud?",
        choices=[SelectChoice(str(number), str(number)) for number in range(1, 11)],
        validators=[Filled("Kies een cijfer van 1 tot en met 10")],
    )


class SampleMark(Form):
    """One person on a list of attendance."""

    was = HiddenField()
    status = StringField()
    minutes_late = StringField()
    minutes_left_early = StringField()
    excuse = StringField()
    preparation_done = BooleanField()


class SampleFilter(PortalForm):
    """What narrows a list."""

    region = SelectField("Regio", choices=[SelectChoice("", "Alle regio’s"), SelectChoice("zwolle", "Zwolle")])
    words = StringField("Zoek op naam of plaats")


PEOPLE: dict[str, dict[str, str | bool]] = {
    "Amira el Khatib": {"status": "present", "preparation_done": True},
    "Bram Postma": {"status": "late", "minutes_late": "10"},
    "Şule Yılmaz-Škrabáková van den Bogaard": {"status": "left_early", "minutes_left_early": "25"},
    "Nguyễn Thị Ánh": {"status": "absent"},
    "Jean-Éric D’Angélo": {"status": "excused", "excuse": "Ziek gemeld"},
    "Gerrit-Jan van den Berg": {"status": "late"},
    "Ó Briain": {},
}


def sample_marks() -> list[tuple[str, SampleMark]]:
    """A list with every status, one mark that is not complete, and one person who is not marked yet."""
    marks = [(name, SampleMark(prefix=f"p{n}-", data=mark)) for n, (name, mark) in enumerate(PEOPLE.items())]
    marks[-2][1].minutes_late.errors = ["Vul in hoeveel minuten Gerrit-Jan van den Berg te laat was."]
    return marks


def sample_grades() -> list[SampleGrade]:
    """One that is not answered, one that is, one that came back without an answer."""
    grades = [SampleGrade(prefix="g1"), SampleGrade(prefix="g2", grade="8"), SampleGrade(prefix="g3")]
    grades[-1].grade.errors = ["Kies een cijfer van 1 tot en met 10"]
    return grades


@blueprint.get("/demo/stijlgids")
@public
def styleguide() -> Response:
    """Every macro of templates/components in every state; its form came back with a mistake in every field that can."""
    refused = SampleForm(MultiDict({"b-email": "dewi@wijkteam"}), prefix="b", meta=WITHOUT_TOKEN)
    refused.validate()
    refused.status = 200
    filled = SampleForm(MultiDict(), prefix="g", meta=WITHOUT_TOKEN, name="Dewi Hardjo", who="self", modules=["1"])
    return page(
        "styleguide/index.html",
        form=refused,
        filled=filled,
        filters=SampleFilter(MultiDict(), prefix="f", meta=WITHOUT_TOKEN),
        marks=sample_marks(),
        grades=sample_grades(),
        page_url="?pagina={}".format,
    )
