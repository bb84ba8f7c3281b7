"""Communities, posts, comments and votes."""
