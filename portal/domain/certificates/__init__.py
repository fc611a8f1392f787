"""Area certificates."""
