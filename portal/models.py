"""Every table, imported once, so that migrations and relationships see them all."""

from portal import heartbeat
from portal.audit import models as audit
from portal.domain.accounts import models as accounts
from portal.domain.accreditation import models as accreditation
from portal.domain.attendance import count_models as counts
from portal.domain.attendance import join_models as joins
from portal.domain.attendance import models as attendance
from portal.domain.attendance import paper_models as papers
from portal.domain.attendance import report_models as reports
from portal.domain.attendance import walk_in_models as walk_ins
from portal.domain.calendar import models as calendar
from portal.domain.catalogue import models as catalogue
from portal.domain.certificates import models as certificates
from portal.domain.coordinators import models as coordinators
from portal.domain.enrolment import group_models as groups
from portal.domain.enrolment import models as enrolment
from portal.domain.enrolment import policy
from portal.domain.enrolment import reminder_models as reminders
from portal.domain.handover import models as handover
from portal.domain.incompany import models as incompany
from portal.domain.quality import models as quality
from portal.mail import models as mail

__all__ = [
    "accounts",
    "accreditation",
    "attendance",
    "audit",
    "calendar",
    "catalogue",
    "certificates",
    "coordinators",
    "counts",
    "enrolment",
    "groups",
    "handover",
    "heartbeat",
    "incompany",
    "joins",
    "mail",
    "papers",
    "policy",
    "quality",
    "reminders",
    "reports",
    "walk_ins",
]
