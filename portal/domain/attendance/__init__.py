"""Who was there: the list of a meeting, kept by its trainers.

A list is ahead until its meeting begins, then open, then finished. While it is open anybody who gives the meeting may
mark; nobody overwrites what another marked without seeing it first. Not marked is no mark at all, and never 'absent'.
Finishing needs a mark for everybody and the typed name of who finishes; afterwards a mark changes only with a reason,
which the audit log keeps together with what it was before.

A module may be taken, or made up for, in another edition. Which seat then decides stands in seats_in_force.py, and
nowhere else.

Besides the files that every area has (commands.py is keeping the list):

- from a phone: taps, tap_rules; nobody finished it: unfinished
- who comes in: door (the codes), check_ins, arrivals, taking_in; walk_ins (who was not on the list); joins (own links)
- what is finished: signing (the text and its hash), signed_lists, signed_counts, amendments, mark_words
- for an auditor: dossiers, evidence
- beside the list: reports (of Zoom and Teams), paper (photos); instead of one: counting

A noun with tables, rules, queries or words of its own keeps them beside it: report_rules, paper_models."""
