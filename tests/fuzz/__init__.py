"""Mutated input for the readers that meet strangers first: `python -m tests.fuzz SECONDS`."""
