"""How many requests of one client wait at once: what is more is told to come back later."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from solld.errors import TooMany

LATER = 2  # seconds


class Turns:
    """The requests that are being answered, by client. Only for one event loop."""

    def __init__(self, most: int):
        self.most = most
        self._waiting: Counter[str] = Counter()

    @contextmanager
    def taken(self, client: str) -> Iterator[None]:
        """A turn of a client, until the block ends. TooMany if it has too many."""
        if self._waiting[client] >= self.most:
            raise TooMany(f"{client} has {self.most} requests waiting", "sparql.waiting", self.most, "requests", LATER)
        self._waiting[client] += 1
        try:
            yield
        finally:
            self._waiting[client] -= 1
            if not self._waiting[client]:
                del self._waiting[client]
