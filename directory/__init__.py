"""The living directory: networks, regional partnerships, research groups, sources."""
