"""What attendance earns: points per register, each with the accreditation and the reason it was decided on.

Points are data of the registers' grants, never of the code. An award says for one enrolment and one accreditation
whether its points count, do not count, or wait; the rule is pure and has a version. What is decided is kept when a
list is finished or amended; what waits is worked out when it is read.

Making up for a missed dagdeel (make_ups.py) stands here, since what is missed, or too short, follows from attendance
and the registers' thresholds."""
