"""From our own lists to feeds that others read."""
