"""The key of PE-online's web service: all of it or none, over TLS, and never shown."""

import pytest

from portal.config import PeOnline

WHOLE = {
    "PORTAL_PE_ONLINE_URL": "https://www.pe-online.org/pe-services/WriteAttendance.asmx/ProcessXML",
    "PORTAL_PE_ONLINE_USER_ID": "12345",
    "PORTAL_PE_ONLINE_USER_KEY": "geheim",
    "PORTAL_PE_ONLINE_ORG_ID": "321",
}


def test_nothing_set_is_by_hand():
    settings = PeOnline.from_environ({})
    assert not settings.is_set
    assert settings.complaints() == []


def test_all_of_it_is_set_and_the_key_is_not_shown():
    settings = PeOnline.from_environ(WHOLE)
    assert settings.is_set
    assert settings.complaints() == []
    assert "geheim" not in repr(settings)


@pytest.mark.parametrize("name", [name for name in WHOLE if not name.endswith("URL")])
def test_a_part_is_not_enough(name: str):
    (complaint,) = PeOnline.from_environ(WHOLE | {name: ""}).complaints()
    assert name in complaint


@pytest.mark.parametrize(
    ("url", "is_well"),
    [
        ("http://www.pe-online.org/x", False),
        ("ftp://www.pe-online.org/x", False),
        ("https://naam:sleutel@www.pe-online.org/x", False),
        ("https://www.pe-online.org/x?sXML=1", False),
        ("www.pe-online.org", False),
        ("http://127.0.0.1:9000/x", True),
        ("http://localhost/x", True),
    ],
)
def test_only_over_tls_or_on_this_machine(url: str, is_well: bool):
    assert (PeOnline.from_environ(WHOLE | {"PORTAL_PE_ONLINE_URL": url}).complaints() == []) == is_well
