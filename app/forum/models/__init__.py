"""Rows of the forum."""
