"""Certificates: what a participant gets, frozen when it is issued, and checked by anyone who holds it.

A certificate is valid until it is revoked, or replaced by one with a corrected name; it never changes. An enrolment has
at most one valid certificate (the database sees to it), a number is given once, and facts, bytes and their SHA-256 are
kept for ever. The office issues for a whole edition at once: an `IssueRun`, which the worker does in small portions and
which may be stopped, started again and interrupted without losing or doubling anything."""
