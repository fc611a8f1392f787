"""Mail that waits after a deed of the office: on the edition's page and in the post, with what can be done about it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts.rules import Role
from portal.domain.enrolment import commands
from portal.mail import MailState, OutgoingMail
from portal.mail.models import MailBatch
from tests import factories
from tests.factories import EditionAndMeetings
from tests.page import Form, Page
from tests.plugins.portal import PortalClient


@pytest.fixture
def office(sign_in: Callable[..., PortalClient]) -> PortalClient:
    return sign_in(factories.person(role=Role.OFFICE))


@pytest.fixture
def moved(office: PortalClient) -> EditionAndMeetings:
    """Its first meeting was moved by Marleen just now, for two people."""
    edition = factories.edition_with_meetings()
    marleen = factories.person(name="Marleen de Wit")
    factories.enrol(edition)
    factories.enrol(edition)
    first = edition.meetings[0]
    with transaction():
        commands.move_meeting(
            meeting_id=first.id,
            starts_at=first.starts_at + timedelta(days=1),
            ends_at=first.ends_at + timedelta(days=1),
            venue=first.venue,
            link="",
            actor=Actor.person(marleen.id),
            now=clock.now(),
        )
    return edition


def states() -> list[str]:
    found = select(OutgoingMail.state).where(OutgoingMail.kind == "enrolment.meeting_moved")
    return list(db.session.scalars(found.order_by(OutgoingMail.id)))


def press(page: Page, words: str) -> Page:
    """Presses the button that begins with these words."""
    forms = [Form(page, element) for element in page.document.iter("form")]
    (button,) = [name for form in forms for name in form.buttons if name.startswith(words)]
    return page.submit(button)


@pytest.mark.parametrize("where", ["/bureau/uitvoeringen/{}", "/bureau/post"])
def test_the_office_holds_up_and_sends_after_all_where_it_stands(
    office: PortalClient, moved: EditionAndMeetings, where: str
):
    address = where.format(moved.edition.id)
    page = office.visit(address)
    assert "2 mails wachten nog 10 min." in page.text
    assert "Over: bijeenkomst verplaatst" in page.text
    assert "Marleen de Wit" in page.text
    assert "Houd je de mail tegen, dan blijft de wijziging zelf staan." in page.text
    stopped = press(page, "Houd tegen")
    assert stopped.address.partition("?")[0] == address
    assert "2 mails zijn tegengehouden. De wijziging zelf blijft staan: deze mensen weten het nog niet." in stopped.text
    assert "latere mail voor hun agenda wacht hierop" in stopped.text
    assert states() == [MailState.STOPPED] * 2
    released = press(stopped, "Verstuur alsnog")
    assert ("2 mails gaan nu op weg." in released.text, states()) == (True, [MailState.QUEUED] * 2)
    assert "wachten nog" not in released.text


def test_the_office_sends_at_once_or_never(office: PortalClient, moved: EditionAndMeetings):
    page = press(press(office.visit("/bureau/post"), "Houd tegen"), "Verstuur nooit")
    assert "2 mails zijn vervallen. Laat deze mensen zelf weten wat er veranderd is" in page.text
    assert states() == [MailState.DROPPED] * 2
    db.session.execute(OutgoingMail.__table__.update().values(state=MailState.QUEUED))
    db.session.commit()
    assert "2 mails gaan nu op weg." in press(office.visit("/bureau/post"), "Verstuur nu").text


def test_too_late_is_said_in_words(office: PortalClient, moved: EditionAndMeetings):
    page = office.visit(f"/bureau/uitvoeringen/{moved.edition.id}")
    db.session.execute(OutgoingMail.__table__.update().values(state=MailState.SENT, attempts=1))
    db.session.commit()
    late = press(page, "Houd tegen")
    assert "Daar is het te laat voor: deze mails wachten niet meer." in late.text
    assert office.send("/bureau/post/wachtend/987/nu").status_code == 404


@pytest.mark.parametrize("what", ["tegenhouden", "nu", "alsnog", "vervallen"])
def test_only_the_office_and_only_by_a_button(client: PortalClient, moved: EditionAndMeetings, what: str):
    batch_id = db.session.scalars(select(MailBatch.id)).one()
    address = f"/bureau/post/wachtend/{batch_id}/{what}"
    assert client.sign_in(factories.person(role=Role.OFFICE)).get(address).status_code == 405
    assert client.sign_in(factories.person(role=Role.TRAINER)).send(address).status_code == 403
    assert states() == [MailState.QUEUED] * 2
