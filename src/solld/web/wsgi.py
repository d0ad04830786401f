"""Asks a WSGI application one thing at a time, from an event loop. https://peps.python.org/pep-3333/

Descriptions are made one at a time: threads that compute at once only take the interpreter's lock from each other (half
as many answers a second).
"""

import asyncio
import io
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from solld.web.asking import Answer, pairs

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class Wsgi:
    """A WSGI application with the thread that it runs in."""

    def __init__(self, application: Application):
        self.application = application
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="solld-documents")

    async def ask(
        self, environ: Environ, body: bytes, first: Callable[[], Answer | None], then: Callable[[Answer], Answer]
    ) -> Answer:
        """The answer to a request: what `first` finds when its turn comes, else what `then` makes of the new one."""

        def work() -> Answer:
            return first() or then(self.answer(environ, body))

        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def answer(self, environ: Environ, body: bytes) -> Answer:
        """The answer of the application, whole."""
        said: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], Any]:
            said[:] = [status, headers]
            return lambda data: None

        environ = {**environ, "wsgi.input": io.BytesIO(body), "wsgi.errors": sys.stderr}
        chunks = self.application(environ, start)
        try:
            content = b"".join(chunks)
        finally:
            close = getattr(chunks, "close", None)
            if close:
                close()
        status, headers = said
        return Answer(int(status[:3]), pairs(headers), content)

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)
