"""Who takes part in what: enrolments, their seats, drafts of them, groups, and the waiting list.

An enrolment is `enrolled`, `completed` or `cancelled` (rules.TRANSITIONS). Invariants, all held by the database: a
meeting's `taken` never exceeds its `capacity` and equals the seats held in it, by enrolments and by SeatHold rows; a
person has at most one enrolment in an edition that is not cancelled; a draft makes at most one enrolment; a number is
given once; a seat has at most one that stands in for it; who waits has at most one open offer.

A dagdeel may be taken in another edition (stand_ins.py): where somebody sits is told by the seat, not by the edition of
their enrolment. Whoever frees a seat, or makes room, calls promotion.offer_freed_seats in the same transaction.

Everything locks in one order: draft, editions, enrolments, meetings, persons, each by id.

Where to look, by what it is about:
- enrolling: enrolling, drafts, participants, eligibility and prerequisites, seats
- what somebody changes: commands (cancel), moves, substitutes, stand_ins; endings is what these have in common
- who waits: waiting_list, promotion, offers, off_list; closing is when nobody enrols or is offered a seat
- several at once: groups, people_lists, list_columns, places
- an edition as a whole: edition_life, planning, minimum, told_later (mail that waits)
- what the office sets: policy and decisions, terms
- what goes out by itself: reminders; declines are answers of calendars

`commands` are the verbs. What each transition mails, invites, withdraws and logs stands in its own body, in order."""
