"""The rules that every page of the portal keeps, asked of its HTML as the server sent it.

One h1, a title, a language, ids that are unique and exist where they are named, a label for every control, a text for
every image, a caption for every table, nothing inline that the Content-Security-Policy refuses, a CSRF token in every
form that posts, and no leftovers of a template that went wrong.
"""

import re
from collections import Counter
from collections.abc import Iterator

import lxml.html
from lxml.html import HtmlElement

# Attributes that hold one or more ids of the same page.
REFERENCES = (
    "for",
    "form",
    "list",
    "headers",
    "aria-controls",
    "aria-describedby",
    "aria-errormessage",
    "aria-labelledby",
)
LEFTOVERS = re.compile(r"\b(?:None|Undefined)\b|\{\{|\{%|%\([a-z_]+\)[sd]|<[\w.]+ object at 0x|\blazy_gettext\b")
LEFTOVER_VALUES = {"None", "Undefined", "True", "False"}
SILENT_INPUTS = ("hidden", "submit", "button", "reset", "image")


def complaints(html: str) -> list[str]:
    """Sentences about what is wrong; empty when the page is well made."""
    if not html.lstrip().lower().startswith("<!doctype html>"):
        return ["the page does not begin with <!doctype html>"]
    document = lxml.html.document_fromstring(html)
    rules = (head, ids, controls, pictures_and_tables, inline, forms, leftovers)
    return [complaint for rule in rules for complaint in rule(document)]


def words(element: HtmlElement | None) -> str:
    """The text of an element with single blanks; '' for no element. What is hidden from readers is left out."""
    if element is None:
        return ""
    parts = element.xpath(".//text()[not(ancestor::script or ancestor::style or ancestor::template or ancestor::svg)]")
    return " ".join("".join(parts).split())


def head(document: HtmlElement) -> Iterator[str]:
    if not document.get("lang"):
        yield "<html> has no lang"
    if not words(document.find(".//title")):
        yield "the page has no title"
    h1s = [words(e) for e in document.iter("h1")]
    if len(h1s) != 1 or not h1s[0]:
        yield f"the page should have one h1, and has {h1s}"
    summaries = document.xpath("//*[@data-error-summary]")
    if summaries and not words(document.find(".//title")).startswith(("Fout:", "Error:")):
        yield "the page has an error summary and its title does not begin with 'Fout:'"


def ids(document: HtmlElement) -> Iterator[str]:
    counted = Counter(document.xpath("//@id"))
    yield from (f"the id {name!r} occurs {times} times" for name, times in counted.items() if times > 1)
    for attribute in REFERENCES:
        for element in document.xpath(f"//*[@{attribute}]"):
            for name in element.get(attribute).split():
                if name not in counted:
                    yield f"{show(element)}: {attribute} names {name!r}, which does not exist"
    for link in document.xpath("//a[starts-with(@href, '#') and string-length(@href) > 1]"):
        if link.get("href")[1:] not in counted:
            yield f"{show(link)} leads to {link.get('href')}, which does not exist"


def controls(document: HtmlElement) -> Iterator[str]:
    labelled = {label.get("for") for label in document.iter("label") if words(label)}
    for control in document.iter("input", "select", "textarea"):
        if control.get("type", "text").lower() in SILENT_INPUTS:
            continue
        wrapped = any(words(label) for label in control.iterancestors("label"))
        named = control.get("aria-label") or control.get("aria-labelledby")
        if not (wrapped or named or control.get("id") in labelled):
            yield f"{show(control)} has no label"
    for button in document.iter("button"):
        if not (words(button) or button.get("aria-label") or button.get("aria-labelledby")):
            yield f"{show(button)} has no words"


def pictures_and_tables(document: HtmlElement) -> Iterator[str]:
    for picture in document.xpath("//img[not(@alt)] | //input[@type='image'][not(@alt)]"):
        yield f"{show(picture)} has no alt"
    for table in document.iter("table"):
        if not words(table.find("caption")):
            yield f"{show(table)} has no caption"


def inline(document: HtmlElement) -> Iterator[str]:
    yield from ("there is a <style> element" for _ in document.iter("style"))
    for script in document.xpath("//script[not(@src)]"):
        yield f"{show(script)} is an inline script"
    for element in document.iter(lxml.etree.Element):
        for name, value in element.attrib.items():
            if name == "style" or name.startswith("on"):
                yield f"{show(element)} has an inline {name}"
            elif value.strip().lower().startswith("javascript:"):
                yield f"{show(element)} has a javascript: address"


def forms(document: HtmlElement) -> Iterator[str]:
    for form in document.iter("form"):
        tokens = form.xpath(".//input[@name='csrf_token']/@value")
        if form.get("method", "get").lower() == "post" and (len(tokens) != 1 or not tokens[0]):
            yield f"{show(form)} posts and has no csrf_token"


def leftovers(document: HtmlElement) -> Iterator[str]:
    texts = document.xpath("//text()[not(ancestor::script or ancestor::style or ancestor::textarea)]")
    for text in texts:
        if found := LEFTOVERS.search(text):
            yield f"a leftover in the text: {' '.join(text.split())[:80]!r} ({found[0]})"
    for element in document.iter(lxml.etree.Element):
        for name, value in element.attrib.items():
            is_word = value in LEFTOVER_VALUES and not (element.tag == "option" or element.get("type") == "radio")
            if (is_word and name != "value") or (name in ("href", "src", "action") and "None" in value.split("/")):
                yield f'a leftover in {show(element)}: {name}="{value}"'
            elif is_word and value == "None":
                yield f"a leftover in {show(element)}: its value is None"


def show(element: HtmlElement) -> str:
    """An element's opening tag, shortened."""
    known = [f'{n}="{element.get(n)}"' for n in ("id", "name", "type", "action", "href", "src") if element.get(n)]
    return f"<{' '.join([str(element.tag), *known])}>"
