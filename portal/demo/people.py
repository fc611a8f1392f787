"""Who plays in the demo. All of them are made up."""

from portal.domain.accounts.rules import Role

PASSWORD = "leerkring-demo"  # noqa: S105

ACCOUNTS: tuple[tuple[str, str, Role | None], ...] = (
    ("deelnemer@demo.example", "Dewi Hardjo", None),
    ("trainer@demo.example", "Noor van Dijk", Role.TRAINER),
    ("organisatie@demo.example", "Wouter Bakker", Role.ORGANISATION),
    ("coordinator@demo.example", "Fatima Ouali", Role.COORDINATOR),
    ("regio@demo.example", "Henk de Graaf", Role.REGIONAL_MANAGER),
    ("bureau@demo.example", "Marleen Visser", Role.OFFICE),
    ("auditor@demo.example", "Irene Postma", Role.AUDITOR),
    ("beheer@demo.example", "Tom Aalbers", Role.ADMIN),
)

TRAINERS: tuple[str, ...] = ("Samir Haddou", "Annelies Kuipers")

PARTICIPANTS: tuple[str, ...] = (
    "Şule Yılmaz-Škrabáková",
    "Nguyễn Thị Ánh",
    "Jean-Éric D'Angélo",
    "Siobhán Ó Briain",
    "Amira el Khatib",
    "Bram Postma",
    "Chantal de Wit",
    "Emre Yılmaz",
    "Fenna Wiersma",
    "Gülsüm Çelik",
    "Hendrikje Sjoukje van der Woude-Rijpstra",
    "Ioánnis Papadópoulos",
    "Јелена Петровић",
    "Kwame Boateng",
    "Lotte in 't Veld",
    "Małgorzata Wiśniewska",
    "Nazanin Rahimi",
    "Ömer Faruk Şahin",
    "Pieter-Jan van den Heuvel",
    "Quirine Blom",
    "Rūta Kazlauskaitė",
    "Sevgi Aydın",
    "Tjitske Hoekstra",
    "Ursula Benítez Núñez",
    "Vigdís Jónsdóttir",
    "Wiesława Łuczak",
    "Xanthe Janssen",
    "Yara Haddad",
    "Zoë Brandsma",
    "Ángel Ibáñez Güell",
    "Bết Trần",
    "Carlijn Smit",
    "Dürdane Öztürk",
    "Elif Doğan",
    "Femke Dijkstra",
    "Gijs Verhoeven",
    "Hatice Kaya",
    "Ilse Mulder",
    "Joost Willems",
    "Khadija Benali",
)

EMPLOYERS: tuple[str, ...] = (
    "Wijkteam Stadshagen",
    "Jeugdzorg Noord",
    "Zorggroep De Linde",
    "Gemeente Waterrijk",
    "Ouderenzorg Het Anker",
    "",
)

ORGANISATIONS: tuple[tuple[str, str], ...] = (
    ("Gemeente Waterrijk", "wijkteams"),
    ("Zorggroep De Linde", "ouderenzorg"),
)


def address_of(number: int) -> str:
    """A participant's made-up address, under a name that can never receive mail (RFC 2606)."""
    return f"deelnemer{number + 1}@leerkring.example"
