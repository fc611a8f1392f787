"""What roles are called on a page."""

from portal.domain.accounts.rules import Role
from portal.language import _l

ROLE_NAMES = {
    Role.PARTICIPANT: _l("deelnemer"),
    Role.TRAINER: _l("trainer"),
    Role.ORGANISATION: _l("contactpersoon van een organisatie"),
    Role.COORDINATOR: _l("coördinator"),
    Role.REGIONAL_MANAGER: _l("regiomanager"),
    Role.OFFICE: _l("bureau"),
    Role.AUDITOR: _l("auditor"),
    Role.ADMIN: _l("beheerder"),
}
