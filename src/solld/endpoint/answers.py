"""The answers that a service has given, kept for all of its web processes; and the runs that several wait for."""

from dataclasses import dataclass, replace

from solld.lru import Lru

OVERHEAD = 1000  # bytes that the key and bookkeeping of an answer are reckoned at
Key = bytes  # an operation as it is written


@dataclass(frozen=True)
class Kept:
    """A whole answer; `zipped` is its compressed form, where somebody has made it."""

    head: bytes  # the kind of result
    body: bytes
    zipped: bytes = b""

    @property
    def weight(self) -> int:
        return OVERHEAD + len(self.body) + len(self.zipped)


class Answers:
    """The answers of the newest release that was asked for, bounded by bytes."""

    def __init__(self, limit: int):
        self._kept: Lru[Key, Kept] = Lru(limit)
        self._release = 0

    @property
    def largest(self) -> int:
        """The longest body that is kept."""
        return self._kept.largest

    def get(self, release: int, key: Key) -> Kept | None:
        self._turn(release)
        return self._kept.get(key)

    def put(self, release: int, key: Key, kept: Kept) -> None:
        if release == self._release:
            self._kept.put(key, kept)

    def add_zipped(self, release: int, key: Key, zipped: bytes) -> None:
        """The compressed form of an answer that is kept."""
        kept = self._kept.get(key) if release == self._release else None
        if kept:
            self._kept.put(key, replace(kept, zipped=zipped))

    def _turn(self, release: int) -> None:
        if release > self._release:
            self._kept.clear()
            self._release = release
