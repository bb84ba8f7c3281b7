"""Servers of another make, beside a running one of ours."""
