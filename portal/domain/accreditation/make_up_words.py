"""Making up in words, in the reader's language."""

from portal.domain.accreditation.make_up_rules import Prospect
from portal.domain.accreditation.reasons import Reason
from portal.language import _, _n, calendar_date


def prospect_in_words(found: Prospect) -> str:
    """'4 punten SKJ', or 'Geen punten SKJ: de accreditatie loopt af op 30 april 2027'."""
    names = {"register": found.register, "points": found.points}
    if found.problem is Reason.EXPIRED and found.ends_on:
        ends = calendar_date(found.ends_on)
        return str(_("Geen punten %(register)s: de accreditatie loopt af op %(day)s", **names, day=ends))
    if found.problem is Reason.NOT_YET_VALID and found.begins_on:
        begins = calendar_date(found.begins_on)
        return str(_("Geen punten %(register)s: de accreditatie gaat pas in op %(day)s", **names, day=begins))
    if found.problem:
        return str(_("Geen punten %(register)s: dit is daar niet geaccrediteerd", **names))
    if found.for_whole:
        return str(_("Telt mee voor de %(points)s punten %(register)s van de hele training", **names))
    return str(_n("%(num)s punt %(register)s", "%(num)s punten %(register)s", found.points, register=found.register))
