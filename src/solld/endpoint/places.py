"""Who may run: places for quick queries and for long ones, shared fairly between the addresses that ask.

A query begins in a quick place. One that runs on moves to a long place, so that long queries, however many there are,
leave the quick places to the others. Where all long places are taken, an address that would still have fewer of them
than another one has gets a place of that one, whose oldest query is ended; else the newcomer is.
"""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass

from solld.errors import Overloaded, SolldError, Stopped, TooMany

RETRY_AFTER = 5  # seconds, told to a client that finds no place


@dataclass(frozen=True)
class Limits:
    """How many queries may run and wait."""

    quick: int
    long: int
    per_client: int  # that run at once
    queue: int  # that wait, of all
    waiting: int  # that wait, of one address


class Place:
    """The place of one query; `clear` ends the query."""

    def __init__(self, client: str, clear: Callable[[SolldError], None]):
        self.client, self.clear = client, clear
        self.long = False


class Places:
    """The places of a service. Not for threads: one event loop has it."""

    def __init__(self, limits: Limits):
        self.limits = limits
        self._quick = 0
        self._long: list[Place] = []  # the one that has run longest first
        self._running: Counter[str] = Counter()
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()  # who was served last comes last

    @property
    def waiting(self) -> int:
        return sum(map(len, self._waiting.values()))

    @property
    def running(self) -> int:
        return self._quick + len(self._long)

    async def take(self, client: str, clear: Callable[[SolldError], None]) -> Place:
        """A quick place, perhaps after waiting. TooMany or Overloaded where too many wait."""
        if self._quick >= self.limits.quick or self._running[client] >= self.limits.per_client:
            await self._wait(client)
        else:
            self._enter(client)
        return Place(client, clear)

    def _enter(self, client: str) -> None:
        self._quick += 1
        self._running[client] += 1

    async def _wait(self, client: str) -> None:
        limits = self.limits
        mine = self._waiting.get(client, deque())
        if len(mine) >= limits.waiting:
            reason = f"{len(mine)} queries of your address are waiting already"
            raise TooMany(reason, "sparql.waiting", limits.waiting, "queries", RETRY_AFTER)
        if self.waiting >= limits.queue:
            raise Overloaded("too many queries are waiting", "sparql.queue", limits.queue, "queries", RETRY_AFTER)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, mine).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave(client)  # its turn had come
                self._quick -= 1
                self._call()
            else:
                self._forget(client, turn)
            raise

    def _forget(self, client: str, turn: "asyncio.Future[None]") -> None:
        queue = self._waiting.get(client, deque())
        if turn in queue:
            queue.remove(turn)
        if client in self._waiting and not queue:
            del self._waiting[client]

    def lengthen(self, place: Place) -> None:
        """Moves a query that runs on to a long place; Overloaded, where that would not be fair."""
        limit = self.limits.long
        if len(self._long) >= limit:
            held = Counter(each.client for each in self._long)
            most = max(held.values())
            if held[place.client] + 1 >= most:
                reason = "all places for long queries are taken"
                raise Overloaded(reason, "sparql.long", limit, "queries at once", RETRY_AFTER)
            victim = next(each for each in self._long if held[each.client] == most)
            self._long.remove(victim)
            reason = "an address that had fewer long queries than yours needed a place"
            victim.clear(Stopped(reason, "sparql.long", limit, "queries at once", RETRY_AFTER))
        place.long = True
        self._long.append(place)
        self._quick -= 1
        self._call()

    def release(self, place: Place) -> None:
        """Gives a place back."""
        if not place.long:
            self._quick -= 1
        elif place in self._long:
            self._long.remove(place)
        self._leave(place.client)
        self._call()

    def _leave(self, client: str) -> None:
        self._running[client] -= 1
        if self._running[client] <= 0:
            del self._running[client]

    def _call(self) -> None:
        """Gives free places to who waits: to the address with fewest queries running, then to who was served least."""
        while self._quick < self.limits.quick:
            able = [client for client in self._waiting if self._running[client] < self.limits.per_client]
            if not able:
                return
            client = min(able, key=lambda each: self._running[each])
            queue = self._waiting[client]
            turn = queue.popleft()
            if queue:
                self._waiting.move_to_end(client)
            else:
                del self._waiting[client]
            if not turn.done():  # one that was cancelled is still in the queue until its task runs again
                self._enter(client)
                turn.set_result(None)
