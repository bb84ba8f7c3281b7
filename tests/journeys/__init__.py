"""Stories of whole instances."""
