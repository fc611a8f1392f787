"""Area calendar."""
