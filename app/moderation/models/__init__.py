"""Rows of moderation."""
