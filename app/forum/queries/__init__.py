"""What pages, feeds and federation read from the forum."""
