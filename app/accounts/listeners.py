"""What accounts does when something happens elsewhere."""


def register_listeners() -> None:
    """Hang the listeners on their events; people cause events and hear none."""
