"""The whole ASGI application for a client that knows WSGI: in this process, but for the real processes of queries."""

import asyncio
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from solld.endpoint.client import Endpoint
from solld.endpoint.dispatcher import serve
from solld.model import Settings
from solld.service import Service
from solld.web import create_app
from solld.web.front import Front
from solld.web.wsgi import Wsgi


class Loop:
    """An event loop in a thread of its own, for all of the tests."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, name="tests-loop", daemon=True).start()

    def run(self, awaited: Any, seconds: float = 60) -> Any:
        """The result of something that is awaited."""
        return asyncio.run_coroutine_threadsafe(awaited, self.loop).result(seconds)


LOOP = Loop()
OPENED: "list[Served]" = []  # closed when the tests end


class BrokenOff(Exception):
    """The application ended before its answer did: a server would close the connection without the last chunk."""


class Served:
    """A service with its dispatcher, as a WSGI application."""

    def __init__(self, settings: Settings, opened: Service):
        self.folder = tempfile.TemporaryDirectory(prefix="solld-test-")
        self.socket = Path(self.folder.name) / "endpoint"
        self.settings = settings
        self.front = Front(lambda: opened, Wsgi(create_app(lambda: opened).wsgi_app), Endpoint(self.socket))
        OPENED.append(self)
        self._lock = threading.Lock()
        self._until: asyncio.Event | None = None
        self._serving: Future[None] | None = None

    def start(self) -> None:
        """Starts the dispatcher, which a test that asks no query does not need."""
        with self._lock:
            if self._serving is None:
                self._until = asyncio.Event()
                awaited = serve(self.settings, self.socket, self._until.wait)
                self._serving = asyncio.run_coroutine_threadsafe(awaited, LOOP.loop)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith(("/sparql", "/graph", "/queries")):
            self.start()
        status, headers, chunks, whole = LOOP.run(self._ask(environ))
        start_response(
            f"{status} {status}", [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
        )
        if not whole:
            raise BrokenOff
        return list(chunks)

    async def _ask(self, environ: Mapping[str, Any]) -> tuple[int, Any, list[bytes], bool]:
        told: list[Mapping[str, Any]] = []
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        asked = False

        async def receive() -> Mapping[str, Any]:
            nonlocal asked
            if asked:
                await asyncio.Event().wait()
            asked = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Mapping[str, Any]) -> None:
            told.append(message)

        await self.front(_scope(environ), receive, send)
        chunks = [message["body"] for message in told[1:]]
        return told[0]["status"], told[0]["headers"], chunks, not told[-1].get("more_body", False)

    def close(self) -> None:
        if self not in OPENED:
            return
        OPENED.remove(self)
        if self._serving and self._until:
            LOOP.loop.call_soon_threadsafe(self._until.set)
            self._serving.result(5)
        LOOP.loop.call_soon_threadsafe(self.front.close)
        self.folder.cleanup()


def _scope(environ: Mapping[str, Any]) -> Mapping[str, Any]:
    path = environ["PATH_INFO"].encode("latin-1")
    return {
        "type": "http",
        "http_version": "1.1",
        "method": environ["REQUEST_METHOD"],
        "path": path.decode("utf-8", "replace"),
        "raw_path": environ.get("RAW_URI", environ["PATH_INFO"]).partition("?")[0].encode("latin-1"),
        "query_string": environ["QUERY_STRING"].encode("latin-1"),
        "headers": list(_headers(environ)),
        "client": (environ.get("REMOTE_ADDR") or "127.0.0.1", 50000),
        "server": (environ["SERVER_NAME"], int(environ["SERVER_PORT"])),
        "scheme": environ["wsgi.url_scheme"],
    }


def _headers(environ: Mapping[str, Any]) -> Iterator[tuple[bytes, bytes]]:
    for key, value in environ.items():
        name = key.removeprefix("HTTP_") if key.startswith("HTTP_") else key
        if key.startswith("HTTP_") or (key in ("CONTENT_TYPE", "CONTENT_LENGTH") and value):
            yield name.lower().replace("_", "-").encode("latin-1"), str(value).encode("latin-1")
