"""Turns: one request at a time to each host, and a pause from one to the next."""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class _Queue:
    lock: threading.Lock = field(default_factory=threading.Lock)
    next: float = 0.0  # when the next request may start


class Pace:
    """Hosts do not wait for one another; threads that ask the same host do."""

    def __init__(self, seconds: float, clock: Callable[[], float], sleep: Callable[[float], None]):
        self._seconds, self._clock, self._sleep = seconds, clock, sleep
        self._lock = threading.Lock()
        self._queues: defaultdict[str, _Queue] = defaultdict(_Queue)

    @contextmanager
    def turn(self, host: str, delay: float = 0) -> Iterator[None]:
        """A request to a host, which lasts until its answer is read; `delay` is the pause that the host asks for."""
        queue = self._queue(host)
        with queue.lock:
            early = queue.next - self._clock()
            if early > 0:
                self._sleep(early)
            queue.next = self._clock() + max(self._seconds, delay)
            yield

    def hold(self, host: str, seconds: float) -> None:
        """Nothing is asked of a host for this long; only who has the turn says so."""
        queue = self._queue(host)
        queue.next = max(queue.next, self._clock() + seconds)

    def _queue(self, host: str) -> _Queue:
        with self._lock:
            return self._queues[host]
