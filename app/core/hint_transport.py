"""The embedded queue: kombu's filesystem transport, with hints that are whole or not there.

Kombu opens a file under its final name and then writes it, so a reader that is quick finds half a
message, which ends a Celery worker; and it moves what it reads through the folder for temporary
files, where a kill leaves it. Here a file is written aside and renamed, and claimed by a rename. A
hint that cannot be read is thrown away: the rows say what is due.
"""

import uuid
from contextlib import suppress
from pathlib import Path
from queue import Empty
from time import monotonic_ns
from typing import Any, Final

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps, loads

SCHEME: Final = "hints"


class Channel(filesystem.Channel):
    """Reads and writes hints, one file each: `<nanoseconds>_<random>.<queue>.msg`."""

    def _put(  # type: ignore[override]  # the stubs of its two parents differ
        self, queue: str, payload: dict[str, Any], **_: Any
    ) -> None:
        """Write a message; it appears at once and whole."""
        name = f"{monotonic_ns():020d}_{uuid.uuid4().hex}"
        folder = Path(self.data_folder_out)
        partial = folder / f"{name}.part"
        partial.write_text(dumps(payload), encoding="utf-8")
        partial.rename(folder / f"{name}.{queue}.msg")

    def _get(self, queue: str, timeout: float | None = None) -> Any:  # noqa: ANN401, ARG002
        """Take the oldest message of a queue; raises Empty when there is none."""
        for path in sorted(Path(self.data_folder_in).glob(f"*.{queue}.msg")):
            claimed = path.with_suffix(".taken")
            with suppress(OSError, ValueError):  # another consumer was quicker, or it is no message
                path.rename(claimed)
                content = claimed.read_text(encoding="utf-8")
                claimed.unlink()
                return loads(content)
        raise Empty


class Transport(filesystem.Transport):
    """Stock but for its channel."""

    Channel = Channel


def broker_url() -> str:
    """Return the address of the embedded queue, known to kombu from now on."""
    TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"
    return f"{SCHEME}://localhost"
