"""Finding listed fingerprints: exact and radius look-ups, and what a find is allowed to mean."""
