"""One execution of a query: from a free place to the last byte, or to the limit that ends it."""

import asyncio
import json
import signal
from collections.abc import Callable
from dataclasses import dataclass

from solld.endpoint.connection import Connection
from solld.endpoint.frames import packed
from solld.endpoint.places import Place, Places
from solld.endpoint.processes import Pool, Process
from solld.errors import BrokenAnswer, SolldError, Stopped, StoreFailed, again

HIGH = 1 << 20  # bytes of a long answer that are kept for a client who takes them slower than they come
FIRST = 0.005  # seconds until a look at what the process had computed before; most queries have ended by then
SOON = 0.02  # seconds of computing after which a query yields to others, and between looks at that
RETRY_AFTER = 10  # seconds, told to a client whose query hit a limit


@dataclass(frozen=True)
class Timing:
    """The limits of one run, in seconds; memory in MiB."""

    seconds: float
    quick: float
    memory: int
    depth: int


class Run:
    """An execution that one client or several wait for. Beyond `largest` bytes only one may follow it."""

    def __init__(self, operation: bytes, places: Places, timing: Timing, largest: int):
        self.operation = operation
        self.largest = largest
        self.head = b""  # the kind of the result, as the worker tells it
        self.chunks: list[bytes] = []  # all of them, until the answer is too long to keep
        self.size = 0  # bytes that have come
        self.done = False
        self.error: SolldError | None = None
        self.followers = 0
        self._places = places
        self._place: Place | None = None
        self._timing = timing
        self._held = 0  # bytes that have come and were not taken
        self._dropped = 0  # chunks that were taken and are not kept
        self._changed = asyncio.Event()
        self._room = asyncio.Event()
        self._before = -1.0  # seconds that the process had computed before; less than 0 if nobody has looked yet
        self._looked = False  # it did not end at once
        self._task: asyncio.Task[None] | None = None
        self._process: Process | None = None
        self._why: SolldError | None = None
        self._left = timing.seconds
        self._timers: list[asyncio.TimerHandle] = []

    @property
    def whole(self) -> bool:
        """Whether the answer is there from its first byte to its last."""
        return self.done and self.error is None and self.size <= self.largest

    @property
    def joinable(self) -> bool:
        """Whether somebody else may wait for it too."""
        return self._why is None and not self.too_long_to_keep

    @property
    def too_long_to_keep(self) -> bool:
        return self.size > self.largest

    async def go(self, client: str, pool: Pool) -> None:
        """Runs to the end; how it ended is in `done` and `error`."""
        self._task = asyncio.current_task()
        try:
            self._start_clock()
            self._place = await self._places.take(client, self)
            try:
                await self._execute(self._place, pool)
            finally:
                self._places.release(self._place)
        except SolldError as error:
            self.error = error
        except asyncio.CancelledError:
            self.error = self._why or BrokenAnswer("the service ends")
        except OSError as error:  # no more processes, or no memory for one
            self.error = StoreFailed("endpoint", f"a process for queries could not be started: {error}")
        finally:
            self._stop_clock()
            self.done = True
            self._changed.set()

    async def _execute(self, place: Place, pool: Pool) -> None:
        process, connection = await pool.take()
        usable = False
        self._process = process
        loop = asyncio.get_running_loop()
        self._before = -1.0
        self._slow = loop.call_later(FIRST, self._begin, process, pool.restores)
        try:
            if self._why:
                raise self._why
            connection.write(packed(b"Q", self.operation))
            usable = await self._read(connection)
        except EOFError:
            raise self._why or self._exhausted(await process.ended_by()) from None
        finally:
            self._slow.cancel()
            self._process = None
            pool.give_back(process, usable and not (self._looked and process.bloated()))

    async def _read(self, connection: Connection) -> bool:
        while True:
            kind, payload = await connection.next()
            if kind == b"D":
                self.chunks.append(payload)
                self.size += len(payload)
                self._held += len(payload)
                self._changed.set()
                if self.too_long_to_keep and self._held > HIGH:
                    await self._wait_for_room()
            elif kind == b"K":
                self.head = payload
            elif kind == b"E":
                self.error = again(json.loads(payload))
                return True
            else:
                return True

    async def _wait_for_room(self) -> None:
        # The time that a client takes to read is not the query's; the one who reads for it has a limit of its own.
        self._stop_clock()
        self._room.clear()
        await self._room.wait()
        if self._why:
            raise self._why
        self._start_clock()

    def _exhausted(self, signal_: int) -> SolldError:
        timing = self._timing
        if signal_ == signal.SIGSEGV:
            return Stopped("the query nests too deep", "sparql.depth", timing.depth, "levels", RETRY_AFTER)
        if signal_ in (signal.SIGABRT, signal.SIGKILL):  # the engine gives up, or the system does
            reason = "the query needs more memory than it may have"
            return Stopped(reason, "sparql.memory", timing.memory, "MiB", RETRY_AFTER)
        return StoreFailed("endpoint", "the process that ran the query ended by itself")

    def _begin(self, process: Process, soon: bool) -> None:
        # What it had in this first moment is less than the system can tell.
        self._before = process.cpu_seconds()
        self._slow = asyncio.get_running_loop().call_later(SOON - FIRST, self._look, process, soon)

    def _look(self, process: Process, soon: bool) -> None:
        # On a machine that others keep busy a short query may take long, and is no long one for that.
        self._looked = True
        used = self.computed()
        if used >= SOON and (soon or used >= self._timing.quick):
            process.yield_to_others()
        if used >= self._timing.quick:
            self.become_long()
            return
        self._slow = asyncio.get_running_loop().call_later(SOON, self._look, process, soon)

    # What `places` asks of it -----------------------------------------------------------------------------------------

    def computed(self) -> float:
        """Seconds that the query has had a core."""
        return self._process.cpu_seconds() - self._before if self._process and self._before >= 0 else 0.0

    def become_long(self) -> None:
        """Moves to a long place."""
        if self._place:
            self._places.lengthen(self._place)

    def pause(self) -> None:
        """The process stands still; the clock does not."""
        if self._process:
            self._process.pause()

    def resume(self) -> None:
        """The process goes on."""
        if self._process:
            self._process.resume()

    # The clock --------------------------------------------------------------------------------------------------------

    def _start_clock(self) -> None:
        loop = asyncio.get_running_loop()
        self._since = loop.time()
        self._timers = [loop.call_later(self._left, self._too_slow)]

    def _stop_clock(self) -> None:
        if self._timers:
            self._left -= asyncio.get_running_loop().time() - self._since
            self._timers.pop().cancel()

    def _too_slow(self) -> None:
        reason = "the query takes too long" if self._process else "the query waited too long for a place"
        self.end(Stopped(reason, "sparql.seconds", self._timing.seconds, "seconds", RETRY_AFTER))

    def end(self, why: SolldError) -> None:
        """Ends the run for a reason, with the process that it has."""
        self._why = self._why or why
        if self._process:
            self._process.kill()
            self._room.set()
        elif self._task:
            self._task.cancel()

    # For those who wait -----------------------------------------------------------------------------------------------

    async def until(self, ripe: Callable[[], bool]) -> None:
        """Waits until the run is done, or `ripe`."""
        while not self.done and not ripe():
            self._changed.clear()
            await self._changed.wait()

    def has_more_than(self, size: int) -> bool:
        """Whether more bytes have come."""
        return self.size > size

    def taken(self, number: int) -> tuple[bytes, int]:
        """What has come after so many chunks, and how many there are now; for the one who follows a long answer."""
        data = b"".join(self.chunks[number - self._dropped :])
        number = self._dropped + len(self.chunks)
        if self.too_long_to_keep:
            self._dropped = number
            self.chunks.clear()
        self._held = 0
        self._room.set()
        return data, number
