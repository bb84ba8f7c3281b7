"""The database's history, numbered and linear."""
