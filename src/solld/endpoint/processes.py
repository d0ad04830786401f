"""The processes that run queries: started before they are needed, killed when a query takes too much.

A worker is exec'd, never forked: a fork with an open store hung. While a query is a long one its process runs when the
cores have nothing better to do (SCHED_IDLE), so that it costs the quick ones nothing.
"""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from solld.endpoint.connection import Connection
from solld.errors import StoreFailed

START = 30.0  # seconds that a process may take until it is ready
TRIES = 3  # processes that are started for one query; one may have been ended from outside
BLOATED = 96 * 2**20  # bytes, more than at first, that a process may keep; up to 60 MiB are what it read of the store
PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")  # of /proc, in a second
AGAIN = 1.0  # seconds before another process is started where one did not start
ENDING = 0.02  # seconds between looks at whether a killed process has ended; a large one takes long to free its memory
ENDING = 0.02  # seconds between looks at whether a killed process has ended; a large one needs time to give memory back
# waits, turning round and round while another is at it who has no core, as processes that yield have none: a standstill
# of seconds.
LATER = 2.0


class Process:
    """One worker process, for one query at a time."""

    def __init__(self, settings: Mapping[str, Any]):
        self._elsewhere = "target" in settings  # the data are on another server, which does the work
        ours, theirs = socket.socketpair()
        with theirs:
            module = "solld.endpoint.remote_worker" if self._elsewhere else "solld.endpoint.worker"
            command = [sys.executable, "-s", "-m", module, json.dumps(settings)]
            environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
            self._process = subprocess.Popen(command, stdin=theirs.fileno(), stdout=theirs.fileno(), env=environment)
        ours.setblocking(False)
        self._socket = ours
        self._connection: Connection | None = None
        self._yields = self._stands = False
        self._killed = False
        self._data = 0  # bytes that it has when it is ready
        self._connecting = asyncio.ensure_future(self._connect())

    async def _connect(self) -> Connection:
        _, connection = await asyncio.get_running_loop().create_unix_connection(Connection, sock=self._socket)
        return connection

    async def ready(self) -> Connection:
        """The connection, once the release is open. StoreFailed if that does not come about."""
        if not self.alive:
            raise StoreFailed("endpoint", "a process for queries has ended")
        if self._connection is None:
            try:
                async with asyncio.timeout(START):
                    connection = await self._connecting
                    await connection.next()
            except (EOFError, TimeoutError) as error:
                raise StoreFailed("endpoint", "a process for queries did not start") from error
            self._connection = connection
            self._data = self._data_bytes()
        return self._connection

    @property
    def alive(self) -> bool:
        return self._end() is None

    def _end(self) -> int | None:
        """The number of the signal that ended the process, 0 if it ended by itself, None if it goes on."""
        found = os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if found is None:
            return None
        return found.si_status if found.si_code in (os.CLD_KILLED, os.CLD_DUMPED) else 0

    async def ended_by(self) -> int:
        """The number of the signal that ended the process, or 0."""
        while (end := self._end()) is None:
            await asyncio.sleep(ENDING)
        return end

    def yield_to_others(self) -> None:
        """Lets the process run only on cores that are idle."""
        self._yields = self._schedule(os.SCHED_IDLE)

    def as_before(self) -> bool:
        """Whether the process could be given its share of the cores again; some systems keep that to root.

        One that was paused when it had just answered goes on too: it would let the next query stand.
        """
        if self._stands:
            self.resume()
        self._yields = self._yields and not self._schedule(os.SCHED_OTHER)
        return not self._yields

    def cpu_seconds(self) -> float:
        """What the process has computed; the time that passes, where the system does not tell or others do the work."""
        if self._elsewhere:
            return time.monotonic()
        try:
            fields = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except OSError:
            return time.monotonic()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def bloated(self) -> bool:
        """Whether it keeps much memory of what it has run: the next query would reach the limit because of that."""
        return self._data_bytes() > self._data + BLOATED

    def _data_bytes(self) -> int:
        try:
            return int(Path(f"/proc/{self._process.pid}/statm").read_text(encoding="ascii").split()[5]) * PAGE
        except OSError:
            return 0

    def pause(self) -> None:
        """Stops the process where it is."""
        self._stands = True
        os.kill(self._process.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Lets it go on."""
        self._stands = False
        os.kill(self._process.pid, signal.SIGCONT)

    def _schedule(self, policy: int) -> bool:
        try:
            os.sched_setscheduler(self._process.pid, policy, os.sched_param(0))
        except (PermissionError, ProcessLookupError):
            return False
        return True

    def kill(self) -> None:
        """Ends the process, whatever it does."""
        if self._killed:
            return
        self._killed = True
        os.kill(self._process.pid, signal.SIGKILL)
        self._connecting.cancel()
        if self._connection:
            self._connection.close()
        self._bury()

    def _bury(self) -> None:
        loop = asyncio.get_running_loop()
        if self.alive:
            loop.call_later(ENDING, self._bury)
        else:
            self._socket.close()
            loop.call_later(LATER, self._process.wait)


class Pool:
    """The processes over one release, some of them idle and ready."""

    def __init__(self, store: Path, quick: int, spare: int, settings: Mapping[str, Any]):
        self._settings = {"store": str(store), **settings}
        self._quick = quick  # queries at once that soon give their process back
        self._spare = spare
        self._idle: deque[Process] = deque()
        self._all: set[Process] = set()
        self.restores = True  # whether a process that yields to others can be made to stop that
        self._out: set[Process] = set()  # those that somebody has
        self._filling: asyncio.Task[None] | None = None
        self._closed = False

    async def take(self) -> tuple[Process, Connection]:
        """A process that is ready. It is the caller's until it is given back."""
        tries = 0
        while True:
            fresh = not self._idle
            process = self._started() if fresh else self._idle.pop()  # who was busy last has warm caches
            self._out.add(process)
            self.fill()
            try:
                return process, await process.ready()
            except StoreFailed:
                self._drop(process)
                tries += fresh
                if tries == TRIES:
                    raise
            except BaseException:
                self._drop(process)
                raise

    def give_back(self, process: Process, usable: bool) -> None:
        """A process after its query: used again, or ended if that query was not."""
        if usable and not self._closed and len(self._idle) < self._spare and process.as_before():
            self._out.discard(process)
            self._idle.append(process)
        else:
            self._drop(process)
            self.fill()

    def fill(self) -> None:
        """Has processes started until as many are idle as should be; one after the other, for others need the cores."""
        if self._lacks() and (self._filling is None or self._filling.done()):
            self._filling = asyncio.ensure_future(self._fill())

    async def _fill(self) -> None:
        while self._lacks():
            process = self._started()
            if self._idle and self.restores:
                process.yield_to_others()  # nobody needs it yet, and a start takes a core for a while
            try:
                await process.ready()
            except StoreFailed:
                self._drop(process)
                await asyncio.sleep(AGAIN)
                continue
            if self.restores and not process.as_before():
                self.restores = False  # an ordinary user cannot take that back: this one would stay behind all others
                self._drop(process)
            else:
                self._idle.appendleft(process)

    def _lacks(self) -> bool:
        return not self._closed and len(self._idle) + min(len(self._out), self._quick) < self._spare

    def _started(self) -> Process:
        process = Process(self._settings)
        self._all.add(process)
        return process

    def _drop(self, process: Process) -> None:
        self._all.discard(process)
        self._out.discard(process)
        process.kill()

    def close(self) -> None:
        """Ends the idle processes; the busy ones end with their queries."""
        self._closed = True
        if self._filling:
            self._filling.cancel()
        self._idle.clear()
        for process in self._all - self._out:
            self._drop(process)
