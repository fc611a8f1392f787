"""/bureau/instellingen: what the office decides about enrolling."""

from portal import clock
from portal.domain.enrolment.policy import Policy, current_policy
from tests.plugins.portal import PortalClient

HOME = "/bureau/instellingen"


def test_a_decision_holds_from_now_on(office: PortalClient):
    page = office.visit(HOME)
    assert page.form("Bewaar").values["offer_hours"] == ["48"]
    done = page.submit("Bewaar", offer_hours="24")
    assert done.address == HOME
    assert current_policy(clock.now()) == Policy(offer_hours=24)


def test_a_wrong_number_is_said_at_its_field_and_kept(office: PortalClient):
    for wrong in ("", "0", "twee", "-3", "9999999999"):
        answer = office.visit(HOME).submit("Bewaar", offer_hours=wrong, naming_days="10")
        assert (answer.status, answer.title.startswith("Fout:")) == (422, True)
        assert [link.href for link in answer.errors] == ["#offer_hours"]
        kept = answer.form("Bewaar").values
        assert (kept["offer_hours"], kept["naming_days"]) == ([wrong], ["10"])
    assert current_policy(clock.now()) == Policy()
