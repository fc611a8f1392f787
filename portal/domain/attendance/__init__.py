"""Who was there: the list of a meeting, kept by its trainers.

A list is ahead until its meeting begins, then open, then finished. While it is open anybody who gives the meeting may
mark; nobody overwrites what another marked without seeing it first. Not marked is no mark at all, and never 'absent'.
Finishing needs a mark for everybody and the typed name of who finishes; afterwards a mark changes only with a reason,
which the audit log keeps together with what it was before.

A module may be taken, or made up for, in another edition. Which seat then decides stands in seats_in_force.py, and
nowhere else."""
