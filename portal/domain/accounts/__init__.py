"""People, organisations, roles and signing in.

A person exists once per e-mail address. A browser is signed in by a random token whose hash stands in the database
until it expires or its person signs out; a sign-in link works once."""
