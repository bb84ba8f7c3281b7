"""Fuzz every target, or the named ones, for some seconds each: `python -m tests.fuzz 60 json`.

What is found is printed with its seed: the same seed makes the same input again.
"""

import sys
import time
from collections import Counter

from tests.fuzz.targets import TARGETS, try_once

MAX_SHOWN = 400


def fuzz(name: str, seconds: float, first_seed: int) -> int:
    """Run one target until its time is over; return how many different things were found."""
    target, found = TARGETS[name], Counter[str]()
    deadline, seed = time.monotonic() + seconds, first_seed
    while time.monotonic() < deadline:
        made, error = try_once(target, seed)
        if error is not None:
            kind = f"{type(error).__name__}: {error}"[:MAX_SHOWN]
            found[kind] += 1
            if found[kind] == 1:
                sys.stdout.write(f"{name} seed {seed}: {kind}\n  {made!r:.{MAX_SHOWN}}\n")
        seed += 1
    sys.stdout.write(f"{name}: {seed - first_seed} inputs, {len(found)} finds\n")
    return len(found)


def main(arguments: list[str]) -> int:
    """Return 1 when anything was found."""
    seconds = float(arguments[0]) if arguments else 60.0
    names = arguments[1:] or list(TARGETS)
    first_seed = time.time_ns() // 1000
    return 1 if sum(fuzz(name, seconds, first_seed) for name in names) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
