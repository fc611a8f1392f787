"""Who takes part in what: enrolments, their seats, drafts of them, and the waiting list.

An enrolment is `enrolled`, `completed` or `cancelled` (rules.TRANSITIONS). Invariants, all held by the database: a
meeting's `taken` never exceeds its `capacity` and equals the seats held in it; a person has at most one enrolment in an
edition that is not cancelled; a draft makes at most one enrolment; a number is given once; a seat has at most one that
stands in for it.

A dagdeel may be taken in another edition (stand_ins.py): where somebody sits is told by the seat, not by the edition of
their enrolment.

`commands` are the verbs. What each transition mails, invites, withdraws and logs stands in its own body, in order."""
