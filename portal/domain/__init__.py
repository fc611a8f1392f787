"""What the business is: one package an area, lower areas never importing higher ones (docs/architecture.md)."""
