"""Area coordinators."""
