"""The outbox. Mail is a row, written in the transaction that causes it and rendered then; only the worker speaks SMTP.

`enqueue(letter, ...)` queues. A dedupe key stops doubles: the same occasion for the same person is written once."""

from portal.mail.letter import Invitation, Letter, Recipient
from portal.mail.models import MailState, OutgoingMail
from portal.mail.outbox import enqueue, queue_again

__all__ = ["Invitation", "Letter", "MailState", "OutgoingMail", "Recipient", "enqueue", "queue_again"]
