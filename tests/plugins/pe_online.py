"""PE-online's attendance web service as a server on the loopback: it reads real calls over real HTTP and answers in the
service's words, with what a test asks of it.

    def test_...(pe_online): pe_online.refuse("46102", "Persoon onbekend"); ...; pe_online.taken

It keeps what it took in, as the register would: the same person at the same meeting twice is 'reeds aanwezig'.
"""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

import lxml.etree
import pytest
from flask import Flask

from portal.config import PeOnline

PATH = "/pe-services/pe-attendanceelearning/WriteAttendance.asmx/ProcessXML"
KNOWN = {"userID": "12345", "userRole": "EDU", "userKey": "geheime-sleutel", "orgID": "321"}
# The service's own sentences (its page 'Webservice presentie – foutmeldingen').
SENTENCES = {
    "400": "Geen toegang",
    "500": "Maximaal aantal records overschreden",
    "505": "Ongeldige XML structuur",
    "1020": "ERROR1020 Cursus niet uniek",
    "1021": "ERROR1021 Cursus bestaat niet",
    "1022": "ERROR1022 Uitvoering (edition) niet meegegeven",
    "1030": "ERROR1030 Cursus niet toegestaan omdat de beroepsorganisatie geen reseller-presentie toestaat",
}
ALREADY_THERE = "Presentie reeds ingevoerd"


class StandIn:
    """The service. `calls`: the rows of every call that it could read; `taken`: (person, course, edition, meeting) of
    all that it took in. `fault`: answer every call with this number. `mood`: one of hang, cut, drip, nonsense, huge,
    bomb, lose (takes everything in, and the answer never arrives), redirect, broken, wrapped."""

    def __init__(self) -> None:
        self.calls: list[list[dict[str, str]]] = []
        self.taken: list[tuple[str, str, str, str]] = []
        self.refused: dict[str, str] = {}
        self.fault = ""
        self.mood = ""
        self.patience = 5.0
        server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        server.stand_in = self  # type: ignore[attr-defined]
        server.daemon_threads = True
        self._server = server
        threading.Thread(target=server.serve_forever, daemon=True).start()

    @property
    def settings(self) -> PeOnline:
        return PeOnline(self.url, KNOWN["userID"], KNOWN["userKey"], KNOWN["orgID"])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}{PATH}"

    def refuse(self, number: str, sentence: str) -> None:
        """From now on this person is refused with that sentence; '' lets them in again."""
        self.refused[number] = sentence

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, text: str) -> bytes:
        """What the service says to a call."""
        try:
            entry = lxml.etree.fromstring(text.encode(), lxml.etree.XMLParser(resolve_entities=False))
        except lxml.etree.XMLSyntaxError:
            return _fault("505")
        settings = {each.tag: each.text for each in entry.find("Settings")}
        rows = [{each.tag: each.text or "" for each in row} for row in entry.findall("Attendance")]
        if entry.tag != "Entry" or {name: settings.get(name) for name in KNOWN} != KNOWN:
            return _fault("400")
        if self.fault:
            return _fault(self.fault)
        if len(rows) > 1000:
            return _fault("500")
        if any("externalEditionID" not in row and "PEEditionID" not in row for row in rows):
            return _fault("1022")
        self.calls.append(rows)
        return self._summary(rows)

    def _summary(self, rows: list[dict[str, str]]) -> bytes:
        accepted, errors = [], []
        for row in rows:
            person = row["externalPersonID"]
            course = row.get("PECourseID") or row.get("externalCourseID", "")
            thing = person, course, row["externalEditionID"], row.get("externalMeetingID", "")
            no = self.refused.get(person) or (ALREADY_THERE if thing in self.taken else "")
            if no:
                errors.append(f"<Error><errorNR>100</errorNR><errorMsg>{escape(no)}: {person}</errorMsg></Error>")
            else:
                self.taken.append(thing)
                accepted.append(f"<Accepted><person>{person}</person><course>{escape(course)}</course></Accepted>")
        counts = f"<total_rows>{len(rows)}</total_rows><accepted_rows>{len(accepted)}</accepted_rows>"
        counts += f"<rejected_rows>{len(errors)}</rejected_rows>"
        return f"<Summary><Results>{counts}</Results>{''.join(errors)}{''.join(accepted)}</Summary>".encode()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        stand_in: StandIn = self.server.stand_in  # type: ignore[attr-defined]
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        body = stand_in.answer(form["sXML"][0]) if self.path == PATH else b""
        mood = getattr(self, f"_{stand_in.mood}", None)
        if mood:
            mood(body)
        else:
            self._say(body)

    def _say(self, body: bytes, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/xml; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _hang(self, _body: bytes) -> None:
        time.sleep(self.server.stand_in.patience)  # type: ignore[attr-defined]

    def _lose(self, _body: bytes) -> None:
        self.connection.close()

    def _cut(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2])
        self.wfile.flush()
        self.connection.close()

    def _drip(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            for place in range(len(body)):
                self.wfile.write(body[place : place + 1])
                time.sleep(0.1)
        except OSError:
            pass

    def _nonsense(self, _body: bytes) -> None:
        self._say(b"<html><body>Onderhoud</body></html>")

    def _huge(self, _body: bytes) -> None:
        try:
            self._say(b"<Summary>" + b" " * 8_000_000 + b"</Summary>")
        except OSError:
            pass

    def _bomb(self, _body: bytes) -> None:
        entities = '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">'
        self._say(f"<!DOCTYPE Summary [{entities}]><Summary>&b;&f;</Summary>".encode())

    def _redirect(self, _body: bytes) -> None:
        self.send_response(302)
        self.send_header("Location", "http://127.0.0.1:1/elders")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _broken(self, _body: bytes) -> None:
        self._say(b"Server Error", 500)

    def _wrapped(self, body: bytes) -> None:
        self._say(f'<string xmlns="https://www.pe-online.org/">{escape(body.decode())}</string>'.encode())

    def log_message(self, *_words: object) -> None:
        """Nothing on the screen of the tests."""


def _fault(number: str) -> bytes:
    own = "100" if number.startswith("10") else number
    counts = (
        "<Results><total_rows>0</total_rows><accepted_rows>0</accepted_rows><rejected_rows>0</rejected_rows></Results>"
    )
    error = f"<Error><errorNR>{own}</errorNR><errorMsg>{SENTENCES.get(number, 'Fout')}</errorMsg></Error>"
    return f"<Summary>{counts}{error}</Summary>".encode()


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    """The service, without a portal that knows of it."""
    made = StandIn()
    yield made
    made.stop()


@pytest.fixture
def pe_online(app: Flask, stand_in: StandIn) -> Iterator[StandIn]:
    """The service, which the portal under test has a key to."""
    before = app.config["PORTAL"]
    app.config["PORTAL"] = dataclasses.replace(before, pe_online=stand_in.settings)
    yield stand_in
    app.config["PORTAL"] = before
