"""What may be done with feeds."""
