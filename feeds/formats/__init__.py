"""Feed formats, pure: bytes to documents and documents to bytes. No database, no web."""
