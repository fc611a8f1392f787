"""Area incompany."""
