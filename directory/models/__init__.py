"""Rows of the directory."""
