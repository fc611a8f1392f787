"""Area attendance."""
