"""What the catalogue file does not say and a page should: summaries, outcomes, prices. Made up, in the house's tone."""

from typing import NamedTuple


class CourseText(NamedTuple):
    """What a course's page says. Prices in cents, without VAT (exempt)."""

    summary: str
    outcome: str
    audience: str
    price_cents: int
    module_price_cents: int


PROFESSIONALS = "Professionals in jeugdzorg, wijkteams, ouderenzorg, psychiatrie en onderwijs"
COORDINATORS = "Eigen Kracht-coördinatoren"

COURSES = {
    "samenkracht": CourseText(
        "Leer doorvragen naar de mensen die ertoe doen. Je maakt de kring rond je cliënt groter en laat de regie waar "
        "die hoort. Na vier dagdelen kun je een familiegroepsbijeenkomst organiseren en begeleiden.",
        "Doorvragen naar mensen die belangrijk zijn, de kring groter maken in complexe situaties, creatieve middelen "
        "inzetten en een familiegroepsbijeenkomst organiseren en begeleiden.",
        PROFESSIONALS,
        79_500,
        21_500,
    ),
    "samenwerken-met-informeel-netwerk": CourseText(
        "Twee uur over samenwerken met familie, vrienden en buren: wie vraag je wat, en hoe blijft het hun plan?",
        "Familie, vrienden en buren betrekken zonder de regie over te nemen.",
        PROFESSIONALS,
        12_500,
        12_500,
    ),
    "faciliteren-en-organiseren-van-familiegroepsbijeenkomsten": CourseText(
        "In vier dagdelen leer je een familiegroepsbijeenkomst voorbereiden, begeleiden en afronden.",
        "Een familiegroepsbijeenkomst voorbereiden, begeleiden en afronden.",
        PROFESSIONALS,
        69_500,
        0,
    ),
    "het-familiegroepsplan-in-de-jeugdwet": CourseText(
        "Wat de Jeugdwet zegt over het familiegroepsplan, en wat dat vraagt van jou.",
        "Uitleggen wat een familiegroepsplan is en een gezin de ruimte geven om er een te maken.",
        PROFESSIONALS,
        12_500,
        12_500,
    ),
    "ek-1": CourseText(
        "De basistraining voor wie Eigen Kracht-coördinator wil worden: drie dagen, in een groep van negen.",
        "Een Eigen Kracht-conferentie voorbereiden en mogelijk maken.",
        "Burgers die coördinator willen worden",
        0,
        0,
    ),
    "ek-2": CourseText(
        "Conferenties waar iets te herstellen is, of voor een groep, straat of buurt. Verdieping van wat je al doet.",
        "Een conferentie begeleiden waar herstel nodig is of een hele groep meedoet.",
        COORDINATORS,
        0,
        0,
    ),
}
