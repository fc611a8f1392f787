"""What participants think of a training: the evaluation of an edition.

After its last meeting everybody who attended any of it is asked once, by mail, and may answer once, until a day. Who
was asked, and whether their link was used, stands in one table; what was answered stands in another, under a number of
chance, with the edition and nothing else: no person, no moment, no order. So an answer cannot be taken back or changed:
nobody knows which it was. Means and words are shown from three answers on, to trainers means only, once the evaluation
is closed (source: the foundation's own retention terms, evaluations are unlinked from persons at once).

Where somebody sat is told by the seat: who took one dagdeel in another edition attended that edition too."""
