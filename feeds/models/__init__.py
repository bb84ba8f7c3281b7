"""Feeds, the entries they brought, and how each fetch went."""
