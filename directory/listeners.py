"""What this package does when something happens elsewhere."""


def register_listeners() -> None:
    """Hang the listeners on their events."""
