"""Finding others: handles, WebFinger, what software a server runs."""
