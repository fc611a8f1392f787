"""What is filled in to sign in, to choose a password, and to give somebody a role."""

from wtforms import EmailField, PasswordField, SelectField, StringField, SubmitField
from wtforms.validators import Optional

from portal.language import _l
from portal.web.forms import AtMost, EmailAddress, Filled, PortalForm, one_line

LONGEST_PASSWORD = 200


class SignInForm(PortalForm):
    """An address, and a password or the button that asks for a link."""

    email = EmailField(_l("E-mailadres"), filters=[one_line], validators=[EmailAddress()])
    password = PasswordField(
        _l("Wachtwoord"),
        validators=[
            Optional(strip_whitespace=False),
            AtMost(LONGEST_PASSWORD, _l("Vul een wachtwoord van hoogstens 200 tekens in")),
        ],
    )
    link = SubmitField(_l("Mail mij een inloglink"))

    @property
    def address(self) -> str:
        return self.email.data or ""

    @property
    def wants_link(self) -> bool:
        """A link is what somebody gets who leaves the password empty or asks for one."""
        return bool(self.link.data) or not self.password.data


class PasswordForm(PortalForm):
    """A new password, and the current one where it is asked."""

    current = PasswordField(_l("Huidig wachtwoord"))
    password = PasswordField(
        _l("Nieuw wachtwoord"),
        description=_l("Minstens 12 tekens. Een paar woorden achter elkaar is goed en makkelijk te onthouden."),
        validators=[
            Filled(_l("Vul een nieuw wachtwoord in")),
            AtMost(LONGEST_PASSWORD, _l("Vul een wachtwoord van hoogstens 200 tekens in")),
        ],
    )


class RoleForm(PortalForm):
    """One more role for somebody."""

    role = SelectField(_l("Rol"), validators=[Filled(_l("Kies een rol"))])
    organisation = SelectField(
        _l("Organisatie"), description=_l("Alleen voor een contactpersoon van een organisatie."), coerce=str
    )


class PeopleFilter(PortalForm):
    """What narrows the list of people."""

    class Meta(PortalForm.Meta):
        csrf = False

    words = StringField(_l("Naam, e-mailadres of werkgever"), name="zoek", filters=[one_line])
    role = SelectField(_l("Rol"), name="rol")
