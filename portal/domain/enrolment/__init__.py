"""Area enrolment."""
