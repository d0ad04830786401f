"""Asks a running service for every identifier that was ever issued: none of them may break.

An identifier answers 303 to a document that is there, 301 in one hop to another identifier that answers so, or 410 with
a body. PERMANENCE 1.2, U1 and U6.
"""

import http.client
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin, urlsplit

from solld import ledger
from solld.errors import BadSite, ServerFailed
from solld.history import History
from solld.model import Settings

AT_ONCE = 8
TOLD = 10_000  # identifiers between two words on how far it is
SECONDS = 30.0  # that one answer is waited for
Say = Callable[[str], None]


def issued(settings: Settings) -> list[str]:
    """Every identifier that the ledgers of the site or its history have ever had."""
    path = settings.var / "history.sqlite"
    past = History.read_only(path) if path.exists() else None
    ledgers = [past.identifiers(name) for name in past.ledgers()] if past else []
    found = {identifier for entries in ledgers for identifier, _ in entries.values()}
    for file in (settings.folder / "data").glob("*/ids.csv"):
        found |= {identifier for identifier, _ in ledger.read(file).values()}
    return sorted(found)


def replay(settings: Settings, url: str, say: Say = lambda text: None) -> tuple[int, list[str]]:
    """(how many were asked for, what is wrong). ServerFailed if nobody answers at the address."""
    place = urlsplit(url)
    if place.scheme not in ("http", "https") or not place.hostname:
        raise BadSite("--ids", f"{url!r} is not the address of a service")
    wanted = issued(settings)
    mine = threading.local()  # a connection for each thread

    def ask(identifier: str) -> list[str]:
        if not hasattr(mine, "asking"):
            mine.asking = Asking(url)
        return list(mine.asking.problems(identifier))

    problems: list[str] = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            for done, found in enumerate(pool.map(ask, wanted), 1):
                problems += found
                if done % TOLD == 0:
                    say(f"asked for {done} of {len(wanted)} identifiers")
        except (OSError, http.client.HTTPException) as error:
            pool.shutdown(cancel_futures=True)
            raise ServerFailed(url, f"it does not answer: {error!r}") from error
    return len(wanted), problems


class Asking:
    """Asks one service, over one connection."""

    def __init__(self, url: str):
        self.root = url.rstrip("/") + "/"
        place = urlsplit(self.root)
        kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(place.netloc, timeout=SECONDS)

    def problems(self, identifier: str) -> Iterator[str]:
        """What is wrong with the answers for an identifier; nothing, if all is well."""
        path = f"/id/{identifier}"
        status, location, _ = self._ask(path)
        if status == HTTPStatus.MOVED_PERMANENTLY:
            path = location
            status, location, _ = self._ask(path)
            if status == HTTPStatus.MOVED_PERMANENTLY:
                yield f"{identifier}: leads on from {path} to {location}, which is more than one hop"
                return
        match status:
            case HTTPStatus.GONE:
                status, _, size = self._ask(path, "GET")
                if not size:
                    yield f"{identifier}: 410 without a body"
            case HTTPStatus.SEE_OTHER:
                found, _, _ = self._ask(location)
                if found != HTTPStatus.OK:
                    yield f"{identifier}: its document {location} answers {found}"
            case _:
                yield f"{identifier}: {path} answers {status}"

    def _ask(self, path: str, method: str = "HEAD") -> tuple[int, str, int]:
        target = urlsplit(urljoin(self.root, path.lstrip("/") if path.startswith("/") else path))
        self._connection.request(method, target.path + (f"?{target.query}" if target.query else ""))
        answer: Any = self._connection.getresponse()
        body = answer.read()
        return answer.status, answer.headers["Location"] or "", len(body)
