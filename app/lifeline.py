"""What a child process does for its supervisor: leave when it dies, say when it is ready."""

import os
import threading

from app.supervisor import LIFELINE_VARIABLE, READY_VARIABLE


def hold_lifeline() -> None:
    """End this process as soon as the supervisor is gone, whatever it is doing."""
    descriptor = os.environ.get(LIFELINE_VARIABLE)  # noqa: TID251  plumbing between processes
    if descriptor is None:
        return

    def watch() -> None:
        os.read(int(descriptor), 1)
        os._exit(1)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()


def say_ready() -> None:
    """Tell the supervisor that the first page can be served."""
    descriptor = os.environ.get(READY_VARIABLE)  # noqa: TID251  plumbing between processes
    if descriptor is not None:
        os.write(int(descriptor), b"ready\n")
