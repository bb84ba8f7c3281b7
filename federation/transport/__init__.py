"""Signed requests to other servers, and when to try them again."""
