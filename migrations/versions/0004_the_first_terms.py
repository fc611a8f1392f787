"""Give the portal general terms, without which nobody can enrol. A later version is a row of its own."""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TERMS = """Je meldt je aan door het formulier in te vullen en op 'Meld mij aan' te klikken. Je krijgt een bevestiging per \
mail. Dan is er een overeenkomst tussen jou, of je organisatie, en Stichting Eigen Kracht Centrale.

De prijs is per persoon en staat op de pagina van de uitvoering. Onze trainingen zijn vrijgesteld van btw, tenzij er iets \
anders staat. Je krijgt een factuur. Die betaal je binnen 30 dagen.

Meld je jezelf aan, dan heb je 14 dagen bedenktijd, ook als je werkgever betaalt. In die tijd annuleer je gratis. Tekent je \
organisatie de overeenkomst, dan is er geen bedenktijd.

Annuleren kan tot de eerste bijeenkomst begint. Tot en met 28 dagen ervoor kost het niets. Tot en met 14 dagen ervoor \
betaal je de helft van de prijs. Daarna betaal je de hele prijs.

Wij mogen een uitvoering annuleren of verplaatsen, bijvoorbeeld bij ziekte van een trainer of te weinig aanmeldingen. Gaat \
een uitvoering niet door, dan betaal je niets en krijg je binnen 14 dagen terug wat je al betaalde.

Je krijgt een bewijs van deelname voor de dagdelen die je hebt gevolgd. Punten voor een beroepsregister krijg je als je \
voldoet aan de aanwezigheid en de voorbereiding die bij de training staan.

Het lesmateriaal blijft van ons. Je mag het voor je eigen werk gebruiken, niet verkopen of verspreiden.

We gaan zorgvuldig om met je gegevens. Hoe, dat lees je in onze privacyverklaring. Heb je een klacht, dan vind je de weg in \
onze klachtenregeling. We antwoorden binnen 4 weken."""


def upgrade() -> None:
    terms = sa.table("terms_versions", sa.column("effective_on", sa.Date), sa.column("text", sa.Text))
    op.bulk_insert(terms, [{"effective_on": date(2024, 1, 1), "text": TERMS}])


def downgrade() -> None:
    op.execute("DELETE FROM terms_versions WHERE effective_on = '2024-01-01'")
