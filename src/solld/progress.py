"""Tells what is being done, to people who wait for it: in words, and on a terminal as bars with rate and time left."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

AFTER = 1.0  # seconds; what takes less needs no bar
Tick = Callable[[int], None]  # told how many were done since


def quiet(text: str) -> None:
    """Says nothing."""


def unseen(done: int) -> None:
    """A tick that nobody sees."""


class Progress:
    """Tells on a terminal what is being done, once it takes more than a second."""

    def __init__(self) -> None:
        self.started = time.monotonic()

    def __call__(self, text: str) -> None:
        if time.monotonic() - self.started > 1 or sys.stderr.isatty():
            print(f"  {text} …", file=sys.stderr)


@contextmanager
def bar(say: Callable[[str], None], text: str, unit: str, total: int | None) -> Iterator[Tick]:
    """A bar on the terminal of whoever is told anything there; what is counted is told by the tick that it gives."""
    if not isinstance(say, Progress) or not sys.stderr.isatty():
        yield unseen
        return
    scaled = unit == "B"
    with tqdm(
        desc=f"  {text}",
        total=total,
        unit=unit if scaled else f" {unit}",
        unit_scale=scaled,
        unit_divisor=1024,
        delay=AFTER,
        leave=False,
        dynamic_ncols=True,
        file=sys.stderr,
    ) as shown:

        def tick(done: int) -> None:
            shown.update(done)

        yield tick
