"""The page reader itself: it would be worth nothing if it let a badly made page through."""

import pytest

from tests.page import Link, Page

GOOD = """<!doctype html>
<html lang="nl"><head><title>Fout: Inschrijven</title></head><body>
<header><form method="post" action="/uitloggen"><input type="hidden" name="csrf_token" value="t">
  <button>Uitloggen</button></form></header>
<main><h1>Jouw  gegevens</h1>
<div data-error-summary tabindex="-1"><ul><li><a href="#email">Vul je e-mailadres in</a></li></ul></div>
<form method="post" action="controle"><input type="hidden" name="csrf_token" value="token">
  <label for="email">E-mail</label><input id="email" name="email" value="s@x" aria-describedby="email-fout">
  <p id="email-fout">Vul je e-mailadres in</p>
  <label for="soort">Soort</label><select id="soort" name="soort"><option value="a">A</option>
    <option value="b" selected>B</option></select>
  <fieldset><legend>Dagdelen</legend><label><input type="checkbox" name="dagdeel" value="1" checked> Eén</label>
    <label><input type="checkbox" name="dagdeel" value="2"> Twee</label></fieldset>
  <label><input type="checkbox" name="akkoord" value="y"> Akkoord</label>
  <label for="vraag">Vraag</label><textarea id="vraag" name="vraag">
Een
Twee</textarea>
  <button name="stap" value="verder">Verder</button></form>
<table><caption>Plaatsen</caption><tr><th>Dag</th><th>Vrij</th></tr><tr><td>ma</td><td>3</td></tr></table>
<dl><dt>Prijs</dt><dd>€ 250</dd></dl><img src="/k.svg" alt=""></main></body></html>"""


def test_a_well_made_page_has_no_complaints():
    Page(GOOD).check()


@pytest.mark.parametrize(
    ("part", "broken", "complaint"),
    [
        ("<!doctype html>", "", "doctype"),
        (' lang="nl"', "", "<html> has no lang"),
        ("Fout: Inschrijven", "", "no title"),
        ("Fout: Inschrijven", "Inschrijven", "does not begin with 'Fout:'"),
        ("<h1>Jouw  gegevens</h1>", "", "one h1, and has []"),
        ("<h1>Jouw  gegevens</h1>", "<h1>A</h1><h1>B</h1>", "one h1, and has ['A', 'B']"),
        ('id="soort"', 'id="email"', "the id 'email' occurs 2 times"),
        ('id="email-fout"', "", "aria-describedby names 'email-fout'"),
        ('<label for="vraag">Vraag</label>', "", '<textarea id="vraag" name="vraag"> has no label'),
        ('<label for="vraag">Vraag</label>', '<label for="vraag"></label>', "has no label"),
        ('href="#email"', 'href="#naam"', "leads to #naam, which does not exist"),
        (' alt=""', "", "has no alt"),
        ("<caption>Plaatsen</caption>", "", "<table> has no caption"),
        ("<dl>", '<dl style="color:red">', "inline style"),
        ("<dl>", '<dl onclick="x()">', "inline onclick"),
        ("<dl>", "<script>x()</script><dl>", "inline script"),
        ("<dl>", "<style>p{}</style><dl>", "<style>"),
        ("<dl>", '<a href="javascript:x()">x</a><dl>', "javascript:"),
        ('name="csrf_token" value="token"', 'name="x"', "posts and has no csrf_token"),
        ('name="csrf_token" value="token"', 'name="csrf_token" value=""', "posts and has no csrf_token"),
        ("€ 250", "None", "leftover"),
        ("€ 250", "%(price)s", "leftover"),
        ("€ 250", "{{ price }}", "leftover"),
        ('value="s@x"', 'value="None"', "its value is None"),
        ('src="/k.svg"', 'src="/beeld/None"', "leftover"),
        ("Verder</button>", "</button>", "has no words"),
    ],
)
def test_a_page_that_is_not_well_made_says_what_is_wrong(part: str, broken: str, complaint: str):
    assert part in GOOD
    with pytest.raises(AssertionError) as raised:
        Page(GOOD.replace(part, broken, 1)).check()
    assert complaint in str(raised.value)


def test_a_page_is_read_as_a_reader_would():
    page = Page(GOOD)
    assert page.h1 == "Jouw gegevens"
    assert page.errors == [Link("Vul je e-mailadres in", "#email")]
    assert page.table("Plaatsen") == [{"Dag": "ma", "Vrij": "3"}]
    assert page.facts() == {"Prijs": "€ 250"}
    assert "Uitloggen" not in page.text


def test_a_form_sends_what_a_browser_would():
    form = Page(GOOD).form()
    assert form.values == {
        "csrf_token": ["token"],
        "email": ["s@x"],
        "soort": ["b"],
        "dagdeel": ["1"],
        "vraag": ["Een\nTwee"],
    }


def test_a_form_is_filled_in_with_what_it_offers():
    form = Page(GOOD).form("Verder")
    sent = form.data("Verder", {"email": "a@b", "dagdeel": ["1", "2"], "akkoord": True, "soort": "a"})
    assert sent == {
        "csrf_token": ["token"],
        "email": "a@b",
        "soort": ["a"],
        "dagdeel": ["1", "2"],
        "akkoord": ["y"],
        "vraag": ["Een\nTwee"],
        "stap": "verder",
    }
    assert form.data(None, {"dagdeel": False})["dagdeel"] == []


@pytest.mark.parametrize("changes", [{"naam": "x"}, {"soort": "c"}, {"dagdeel": ["3"]}])
def test_a_form_refuses_what_a_user_could_not_do(changes: dict[str, object]):
    with pytest.raises(AssertionError):
        Page(GOOD).form().data(None, changes)
