"""Mail to the office's desk about what is still to be handed over."""

from datetime import date, datetime

from flask import current_app

from portal.domain.handover.queries import EditionHead
from portal.language import DUTCH, _, _n, day, speaking
from portal.links import link
from portal.mail import Letter, Recipient, enqueue


def still_to_hand_over(head: EditionHead, rows: int, days: int, due_on: date, now: datetime) -> None:
    """So many people of an edition still wait, so many days after its last meeting. Nobody is named."""
    desk = Recipient(current_app.config["PORTAL"].office_mail, _("Bureau"), DUTCH)
    with speaking(desk.language):
        letter = Letter(
            subject=_("Nog door te geven aan %(register)s: %(title)s", register=head.register, title=head.title),
            paragraphs=(
                _("Dag %(name)s,", name=desk.name),
                _n(
                    "%(num)s persoon wacht nog op punten bij %(register)s.",
                    "%(num)s mensen wachten nog op punten bij %(register)s.",
                    rows,
                    register=head.register,
                ),
                _n(
                    "De laatste bijeenkomst was %(num)s dag geleden. Geef het door vóór %(due)s.",
                    "De laatste bijeenkomst was %(num)s dagen geleden. Geef het door vóór %(due)s.",
                    days,
                    due=day(due_on),
                ),
            ),
            button=(_("Geef de punten door"), link(f"/bureau/doorgeven/{head.register}/{head.edition_id}")),
        )
    enqueue(
        letter,
        kind="handover.reminder",
        to=desk,
        dedupe_key=f"handover:{head.register}:{head.edition_id}:{days}",
        now=now,
        edition_id=head.edition_id,
    )
