"""Area accreditation."""
