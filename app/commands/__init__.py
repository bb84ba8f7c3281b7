"""The `verbindplaats` commands, one topic per file, each one call deep."""
