"""Fetching what others only pointed to, checking where it came from, handing it to the domain."""
