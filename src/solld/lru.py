"""What was used last is kept, up to a number of bytes; what was used least recently leaves first."""

import threading
from collections import OrderedDict
from typing import Generic, Protocol, TypeVar

LARGEST = 1 / 8  # of the whole, for one entry


class Weighed(Protocol):
    """An entry that knows about how many bytes it takes."""

    @property
    def weight(self) -> int: ...


K = TypeVar("K")
V = TypeVar("V", bound=Weighed)


def weight(key: object) -> int:
    """The bytes of a key that has texts in it: an address may be long, a query longer."""
    parts = key if isinstance(key, tuple) else (key,)
    return sum(len(part) for part in parts if isinstance(part, str | bytes))


class Lru(Generic[K, V]):
    """Entries by key, bounded by their bytes. Threads may share it."""

    def __init__(self, limit: int):
        self.limit = limit
        self.size = 0
        self._entries: OrderedDict[K, V] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def largest(self) -> int:
        """The bytes above which an entry is not kept."""
        return int(self.limit * LARGEST)

    def get(self, key: K) -> V | None:
        entry = self._entries.get(key)
        if entry is not None:
            with self._lock:
                if key in self._entries:
                    self._entries.move_to_end(key)
        return entry

    def put(self, key: K, entry: V) -> None:
        cost = weight(key) + entry.weight
        if cost > self.largest:
            return
        with self._lock:
            before = self._entries.pop(key, None)
            self.size += cost - (weight(key) + before.weight if before else 0)
            self._entries[key] = entry
            while self.size > self.limit:
                old_key, old = self._entries.popitem(last=False)
                self.size -= weight(old_key) + old.weight

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
            self.size = 0
