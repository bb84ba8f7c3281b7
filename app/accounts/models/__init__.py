"""Rows about people."""
