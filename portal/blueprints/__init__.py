"""What a browser sees: one package an area. HTTP lives here and only here; blueprints do not know one another."""
