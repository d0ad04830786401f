"""Tells what is being done, to people who wait for it."""

import sys
import time


def quiet(text: str) -> None:
    """Says nothing."""


class Progress:
    """Tells on a terminal what is being done, once it takes more than a second."""

    def __init__(self) -> None:
        self.started = time.monotonic()

    def __call__(self, text: str) -> None:
        if time.monotonic() - self.started > 1 or sys.stderr.isatty():
            print(f"  {text} …", file=sys.stderr)
