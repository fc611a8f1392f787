"""Area catalogue."""
