"""Who may run: places for quick queries and for long ones, shared fairly between the addresses that ask.

A query begins in a quick place. One that runs on moves to a long place, so that long queries, however many there are,
leave the quick places to the others; it moves sooner where somebody waits for its place. An
address always keeps a quick one for itself: of its long queries one less runs than it may have, and the others are
paused. Where all long places are taken, an address that would still have fewer of them than another one has gets a
place of that one, whose oldest query is ended; else the newcomer is paused until there is one.
"""

import asyncio
from collections import Counter, OrderedDict, deque
from dataclasses import dataclass
from typing import Protocol

from solld.errors import Overloaded, SolldError, Stopped, TooMany

WHILE = 0.03  # seconds after which a query that others wait for is taken for a long one
COMPUTED = 0.01  # seconds of a core that it must have had: one that others keep from running is no long one
RETRY_AFTER = 5  # seconds, told to a client that finds no place


@dataclass(frozen=True)
class Limits:
    """How many queries may run and wait."""

    quick: int
    long: int
    per_client: int  # that run at once
    queue: int  # that wait, of all
    waiting: int  # that wait, of one address


class Running(Protocol):
    """What has a place."""

    def end(self, why: SolldError) -> None:
        """Ends for a reason."""

    def computed(self) -> float:
        """Seconds that it has had a core."""

    def become_long(self) -> None:
        """Goes on as a long query."""

    def pause(self) -> None:
        """Stands still, and keeps what it has."""

    def resume(self) -> None:
        """Goes on."""


class Place:
    """The place of one query."""

    def __init__(self, client: str, running: Running):
        self.client, self.running = client, running
        self.long = False  # or paused
        self.since = asyncio.get_running_loop().time()


class Places:
    """The places of a service. Not for threads: one event loop has it."""

    def __init__(self, limits: Limits):
        self.limits = limits
        # In each of them, what has been there longest comes first.
        self._quick: list[Place] = []
        self._long: list[Place] = []
        self._paused: list[Place] = []
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()  # who was served last comes last
        self._relieving: asyncio.TimerHandle | None = None
        self._entering: Counter[str] = Counter()  # those whose turn has come, and who have not sat down yet

    @property
    def waiting(self) -> int:
        return sum(map(len, self._waiting.values()))

    @property
    def running(self) -> int:
        return self._taken() + len(self._long)

    def _taken(self) -> int:
        return len(self._quick) + self._entering.total()

    def _running(self, client: str) -> int:
        places = (*self._quick, *self._long)
        return sum(1 for each in places if each.client == client) + self._entering[client]

    def _may_enter(self, client: str) -> bool:
        return self._taken() < self.limits.quick and not self._full(client)

    def _full(self, client: str) -> bool:
        """Whether an address has as many queries as it may, running or paused."""
        paused = sum(1 for each in self._paused if each.client == client)
        return self._running(client) >= self.limits.per_client or paused >= max(1, self.limits.per_client // 2)

    async def take(self, client: str, running: Running) -> Place:
        """A quick place, perhaps after waiting. TooMany or Overloaded where too many wait."""
        if not self._may_enter(client):
            self._make_room(client)
        if self._may_enter(client):
            self._entering[client] += 1
        else:
            await self._wait(client)
        self._sit(client)
        place = Place(client, running)
        self._quick.append(place)
        return place

    def _sit(self, client: str) -> None:
        self._entering[client] -= 1
        if not self._entering[client]:
            del self._entering[client]

    def _make_room(self, client: str) -> None:
        """Makes a long query of one that has run for a while, or whose address has two more than the newcomer's."""
        if self._full(client):
            return
        now = asyncio.get_running_loop().time()
        held = Counter(each.client for each in self._quick)
        few = self._running(client) + 1
        for each in self._quick:
            ran = now - each.since > WHILE and each.running.computed() >= COMPUTED
            if self._may_go_on(each.client) and (held[each.client] > few or ran):
                each.running.become_long()
                return

    def _may_go_on(self, client: str) -> bool:
        """Whether a query of this address could go on as a long one, or be paused, without ending another."""
        has_share = sum(1 for each in self._long if each.client == client) >= self._share
        return len(self._paused) < self.limits.long or (not has_share and len(self._long) < self.limits.long)

    def _relieve(self) -> None:
        """Looks again, for those who wait, whether somebody has run for a while."""
        self._relieving = None
        for client in tuple(self._waiting):
            if self._taken() >= self.limits.quick:
                self._make_room(client)
        self._look_again()

    def _look_again(self) -> None:
        if self._waiting and self._relieving is None:
            self._relieving = asyncio.get_running_loop().call_later(WHILE, self._relieve)

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
        self._look_again()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._sit(client)  # its turn had come
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
        """Moves a query that runs on to a long place, or pauses it until there is one; else it stays where it is."""
        if place.long:
            return
        held = Counter(each.client for each in self._long)
        if held[place.client] < self._share and len(self._long) >= self.limits.long:
            self._clear(place.client, held)
        if held[place.client] < self._share and len(self._long) < self.limits.long:
            self._quick.remove(place)
            self._long.append(place)
            place.long = True
            self._call()
        elif len(self._paused) < self.limits.long:
            self._pause(place)

    @property
    def _share(self) -> int:
        """The long queries of one address that run at once."""
        return max(1, self.limits.per_client - 1)

    def _pause(self, place: Place) -> None:
        self._quick.remove(place)
        self._paused.append(place)
        place.long = True
        place.running.pause()
        self._call()

    def _clear(self, client: str, held: Counter[str]) -> None:
        """Ends the oldest long query of an address that has more of them than this one would have."""
        most = max(held.values())
        if held[client] + 1 < most:
            victim = next(each for each in self._long if held[each.client] == most)
            self._long.remove(victim)
            reason = "an address that had fewer long queries than yours needed a place"
            victim.running.end(Stopped(reason, "sparql.long", self.limits.long, "queries at once", RETRY_AFTER))

    def release(self, place: Place) -> None:
        """Gives a place back."""
        for places in (self._quick, self._long, self._paused):
            if place in places:
                places.remove(place)
        self._resume()
        self._call()

    def _resume(self) -> None:
        held = Counter(each.client for each in self._long)
        for place in tuple(self._paused):
            if len(self._long) < self.limits.long and held[place.client] < self._share:
                self._paused.remove(place)
                self._long.append(place)
                held[place.client] += 1
                place.running.resume()

    def _call(self) -> None:
        """Gives free places to who waits: to the address with fewest queries running, then to who was served least."""
        while self._taken() < self.limits.quick:
            able = [client for client in self._waiting if not self._full(client)]
            if not able:
                return
            client = min(able, key=self._running)
            queue = self._waiting[client]
            turn = queue.popleft()
            if queue:
                self._waiting.move_to_end(client)
            else:
                del self._waiting[client]
            if not turn.done():  # one that was cancelled is still in the queue until its task runs again
                self._entering[client] += 1
                turn.set_result(None)
