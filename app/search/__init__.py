"""One index over everything; features push their texts to it."""
