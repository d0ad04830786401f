"""The process between web processes and workers: one queue, one set of places, one cache of answers for all of them.

Identical queries that come at the same time run once. A query stops when nobody waits for it any more.
"""

import asyncio
import contextlib
import json
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import uvloop

from solld import release, site
from solld.allocation import give_back
from solld.endpoint.answers import Answers, Kept, Key
from solld.endpoint.connection import Connection
from solld.endpoint.frames import packed
from solld.endpoint.isolation import end_with_parent
from solld.endpoint.places import Limits, Places
from solld.endpoint.processes import Pool
from solld.endpoint.run import Run, Timing
from solld.errors import BrokenAnswer, SolldError, facts
from solld.model import Settings
from solld.stores import remote

HELD_BACK = 2**20  # bytes of an answer gathered before its status is told, so that most errors still get theirs
RELEASES = 2  # whose processes are kept: the current one, and the one before for who still asks for it


class Dispatcher:
    """Answers operations. Everything happens in one event loop."""

    def __init__(self, settings: Settings):
        self.settings = settings
        self.places = Places(
            Limits(
                settings.query_workers,
                settings.query_long,
                settings.query_per_client,
                settings.query_queue,
                settings.query_waiting,
            )
        )
        self.answers = Answers(settings.cache_bytes)
        self.timing = Timing(settings.query_seconds, settings.query_quick, settings.query_memory, settings.query_depth)
        self._pools: dict[int, Pool] = {}
        self._flights: dict[tuple[int, Key], Run] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def pool(self, number: int) -> Pool:
        """The processes over a release. StoreFailed if it is not on the disk."""
        if number not in self._pools:
            opened = release.load(release.folder_of(self.settings, number))
            settings, quick = self.settings, self.settings.query_workers
            facts = {
                "memory": settings.query_memory,
                "depth": settings.query_depth,
                "patterns": settings.query_patterns,
                "base": settings.base,
                "prefixes": release.prefixes(opened),
            }
            if settings.store_query:
                facts["target"] = remote.target_of(settings, opened.folder).dump()
            self._pools[number] = Pool(opened.folder / "store", quick, quick + settings.query_per_client, facts)
            for old in sorted(self._pools)[:-RELEASES]:
                self._pools.pop(old).close()
        return self._pools[number]

    def run(self, release: int, operation: bytes, client: str) -> Run:
        """The run of an operation: one that is under way already, or a new one."""
        flight = self._flights.get((release, operation))
        if flight and flight.joinable:
            return flight
        pool = self.pool(release)
        run = Run(operation, self.places, self.timing, self.answers.largest)
        self._flights[release, operation] = run
        task = asyncio.ensure_future(self._fly(run, release, client, pool))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return run

    async def _fly(self, run: Run, release: int, client: str, pool: Pool) -> None:
        await run.go(client, pool)
        if self._flights.get((release, run.operation)) is run:
            del self._flights[release, run.operation]
        if run.whole and not run.head.endswith(b"?"):
            self.answers.put(release, run.operation, Kept(run.head, b"".join(run.chunks)))

    def close(self) -> None:
        for run in self._flights.values():
            run.end(BrokenAnswer("the service ends"))
        for pool in self._pools.values():
            pool.close()


class Served:
    """One connection of a web process: one operation after the other."""

    def __init__(self, dispatcher: Dispatcher):
        self.dispatcher = dispatcher
        self.connection = Connection(when_lost=self._lost)
        self._task = asyncio.ensure_future(self._serve())

    def _lost(self) -> None:
        self._task.cancel()

    async def _serve(self) -> None:
        try:
            with contextlib.suppress(asyncio.CancelledError, EOFError):
                while True:
                    await self._hear(*await self.connection.next())
        finally:
            self.connection.close()  # so that nobody waits for one who has failed

    async def _hear(self, kind: bytes, payload: bytes) -> None:
        if kind == b"G":
            release, operation, zipped = payload.split(b"\n", 2)
            self.dispatcher.answers.add_zipped(int(release), operation, zipped)
        else:
            client, release, zipped, operation = payload.split(b"\n", 3)
            await self._answer(int(release), operation, client.decode(), zipped == b"1")

    async def _answer(self, release: int, operation: bytes, client: str, zipped: bool) -> None:
        kept = self.dispatcher.answers.get(release, operation)
        try:
            if kept:
                self._give(kept, zipped)
            else:
                await self._run(release, operation, client)
        except SolldError as error:
            self.connection.write(packed(b"E", json.dumps(facts(error)).encode()))

    def _give(self, kept: Kept, zipped: bool) -> None:
        compressed = zipped and bool(kept.zipped)
        body = kept.zipped if compressed else kept.body
        self.connection.write(packed(b"C" if compressed else b"W", kept.head + b"\n" + body))

    async def _run(self, release: int, operation: bytes, client: str) -> None:
        run = self.dispatcher.run(release, operation, client)
        first = run.followers == 0
        run.followers += 1
        try:
            await run.until(lambda: run.size > HELD_BACK if first else run.too_long_to_keep)
            if run.error:
                raise run.error
            if run.whole:
                self._give(Kept(run.head, b"".join(run.chunks)), False)
            elif first:
                await self._stream(run)
        finally:
            run.followers -= 1
            if run.followers == 0 and not run.done:
                run.end(BrokenAnswer("nobody waits for it any more"))
        if not first and not run.whole:
            await self._run(release, operation, client)  # it is too long to be shared

    async def _stream(self, run: Run) -> None:
        self.connection.write(packed(b"K", run.head))
        sent = chunks = 0
        while not (run.done and run.size == sent):
            await run.until(partial(run.has_more_than, sent))
            data, chunks = run.taken(chunks)
            sent += len(data)
            self.connection.write(packed(b"D", data))
            await self._drained()
            if run.error:
                raise run.error
        self.connection.write(packed(b"Z"))

    async def _drained(self) -> None:
        seconds = self.dispatcher.settings.query_stall
        try:
            async with asyncio.timeout(seconds):
                await self.connection.drain()
        except TimeoutError:
            raise BrokenAnswer(f"the client took nothing for {seconds:g} seconds (sparql.stall)") from None


async def serve(settings: Settings, path: Path, until: Callable[[], Any]) -> None:
    """Serves on a Unix socket until the given awaitable is done."""
    loop = asyncio.get_running_loop()
    dispatcher = Dispatcher(settings)
    server = await loop.create_unix_server(lambda: Served(dispatcher).connection, str(path))
    current = release.current(settings)
    if current:
        dispatcher.pool(current.number).fill()
    try:
        await until()
    finally:
        server.close()
        dispatcher.close()


async def _asked_to_end() -> None:
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    loop.add_signal_handler(signal.SIGINT, lambda: None)  # from a terminal, which the server has too and acts upon
    await ended.wait()


EMBEDDED = "embedded"  # an argument: the embedded store is asked, also where releases are put on a server


def main() -> None:
    folder, path = Path(sys.argv[1]), Path(sys.argv[2])
    end_with_parent()
    give_back()
    settings = site.load(folder)
    if EMBEDDED in sys.argv[3:]:
        settings = replace(settings, store_query="")  # on a server there is only what is current
    uvloop.run(serve(settings, path, _asked_to_end))


if __name__ == "__main__":
    main()
