"""Asks other servers for what they publish: safely, politely, within limits, and whole or not at all."""

import hashlib
import os
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from solld.errors import SourceFailed, StoreFailed
from solld.harvesting import guarded, robots
from solld.harvesting.decoding import ACCEPTED
from solld.harvesting.exchange import Question, Reply, asked
from solld.harvesting.guarded import Resolve, Unanswered
from solld.harvesting.limits import LIMITED, LONGEST_WAIT, PAGE, Limits, Most
from solld.harvesting.links import next_link
from solld.harvesting.pace import Pace
from solld.harvesting.retry import retry_after
from solld.harvesting.urls import Target, joined, parse_url
from solld.sources import Page

__all__ = ["Answer", "Limits", "Session", "Validators"]

MOVED = (301, 302, 303, 307, 308)
BUSY = (429, 503)
ABSENT = (404, 410)


@dataclass(frozen=True)
class Validators:
    """What the server said of the last good copy (RFC 9110 section 8.8)."""

    etag: str = ""
    modified: str = ""  # Last-Modified


@dataclass(frozen=True)
class Answer:
    """What a download gave. With status 304 the former copy is still right: it has no bytes and no sum."""

    url: str  # after redirects
    status: int  # 200 or 304
    media_type: str  # lower case, without parameters; "" if it does not say
    etag: str  # as the server says; "" if it does not
    modified: str
    bytes: int
    sha256: str


class Session:
    """Asks within the limits, for as many threads as there are; robots.txt and turns are kept as long as it lives."""

    def __init__(
        self,
        limits: Limits,
        *,
        resolve: Resolve = guarded.resolve,
        ca: Path | None = None,  # authorities to trust beside those of the system
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ):
        self.limits, self._resolve = limits, resolve
        self._trust: ssl.SSLContext = guarded.trusted(str(ca) if ca else "")
        self._pace = Pace(limits.wait, clock, sleep)
        self._robots = robots.Robots(limits.agent, self._robots_txt, limits.ignore_robots)

    def __call__(self, url: str, accept: str = "*/*", body: bytes = b"", media_type: str = "") -> Page | None:
        return self.page(url, accept, body, media_type)

    def page(self, url: str, accept: str = "*/*", body: bytes = b"", media_type: str = "") -> Page | None:
        """One page, held in memory; None if it is not there. This is `solld.sources.Get`."""
        most = self._most if self._most.bytes < PAGE else Most(PAGE, "the most that a page may have")
        with self._reply(url, self._question(accept, body, media_type)) as reply:
            if reply.status in ABSENT:
                return None
            _expect(reply, 200)
            content = b"".join(reply.pieces(most))
            following = next_link(reply.header("Link"))
            where = reply.target.url
            following = joined(where, following) if following else ""
            return Page(where, _media_type(reply), content, following, reply.headers)

    def save(self, url: str, path: Path, accept: str = "*/*", before: Validators | None = None) -> Answer:
        """A file, whole and new, or the former one untouched; `before` tells of that one, to be asked for changes."""
        known = before or Validators()
        conditions = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
        question = self._question(accept, conditions={name: value for name, value in conditions.items() if value})
        with self._reply(url, question) as reply:
            if reply.status == 304 and any(conditions.values()):
                return _answer(reply, known)
            _expect(reply, 200)
            size, digest = _written(reply.pieces(self._most), path)
            return replace(_answer(reply, Validators()), bytes=size, sha256=digest)

    @property
    def _most(self) -> Most:
        return Most(self.limits.bytes, LIMITED)

    def _question(
        self, accept: str, body: bytes = b"", media_type: str = "", conditions: dict[str, str] | None = None
    ) -> Question:
        headers = {"User-Agent": self.limits.agent, "Accept": accept, "Accept-Encoding": ACCEPTED}
        if body and media_type:
            headers["Content-Type"] = media_type
        return Question(headers | (conditions or {}), body)

    def _robots_txt(self, url: str) -> bytes:
        """RFC 9309 section 2.3.1: a client error means that there are no rules; but 429 does not mean to come in."""
        with self._reply(url, self._question("text/plain"), polite=False) as reply:
            if 400 <= reply.status < 500 and reply.status != 429:
                return b""
            _expect(reply, 200)
            content = b""
            for piece in reply.pieces(self._most):
                content += piece
                if len(content) >= robots.MOST:
                    break
            return content

    @contextmanager
    def _reply(self, url: str, question: Question, polite: bool = True) -> Iterator[Reply]:
        """What is at the end of the redirects. What fails there is told with the URL that was asked for."""
        first = target = parse_url(url)
        try:
            for _ in range(self.limits.redirects + 1):
                delay = self._robots.delay(target) if polite else 0
                with self._one(target, question, delay) as reply:
                    if reply.status not in MOVED:
                        yield reply
                        return
                    question = replace(question, body=b"") if reply.status == 303 else question
                    target = _moved(reply)
            raise SourceFailed(url, f"redirects more than {self.limits.redirects} times (harvest.redirects)")
        except SourceFailed as failure:
            if failure.place in (url, first.url):
                raise type(failure)(url, failure.reason) from failure
            raise SourceFailed(url, f"redirects to {failure.place}: {failure.reason}") from failure

    @contextmanager
    def _one(self, target: Target, question: Question, delay: float) -> Iterator[Reply]:
        """The answer of one server, which is asked again where that may help."""
        for left in reversed(range(self.limits.retries + 1)):
            later = self.limits.wait * 2 ** (self.limits.retries - left)
            with self._pace.turn(target.host, delay):
                try:
                    reply = self._asked(target, question)
                except Unanswered:
                    if not left:
                        raise
                    self._pace.hold(target.host, later)
                    continue
                with closing(reply):
                    if reply.status not in BUSY or not left:
                        yield reply
                        return
                    self._pace.hold(target.host, _pause(reply, later))

    def _asked(self, target: Target, question: Question) -> Reply:
        places = guarded.addresses(target, self._resolve, self.limits.allow)
        return asked(target, question, places, self.limits.seconds, self._trust)


def _moved(reply: Reply) -> Target:
    """Where an answer sends us."""
    url, location = reply.target.url, reply.header("Location")
    if not location:
        raise SourceFailed(url, f"answers {reply.words} and does not say where to")
    target = parse_url(joined(url, location))
    if (reply.target.scheme, target.scheme) == ("https", "http"):
        raise SourceFailed(target.url, "is not https, though the redirect came from https")
    return target


def _pause(reply: Reply, otherwise: float) -> float:
    """Seconds until it makes sense to ask again."""
    seconds = retry_after(reply.header("Retry-After"), time.time())
    if seconds is not None and seconds > LONGEST_WAIT:
        raise SourceFailed(reply.target.url, f"answers {reply.words}, and wants to be asked in {seconds:g} seconds")
    return otherwise if seconds is None else seconds


def _expect(reply: Reply, status: int) -> None:
    if reply.status != status:
        raise SourceFailed(reply.target.url, f"answers {reply.words}")


def _media_type(reply: Reply) -> str:
    return reply.header("Content-Type").partition(";")[0].strip().lower()


def _answer(reply: Reply, before: Validators) -> Answer:
    """The answer but for its body. A 304 may leave out what has not changed, so `before` is still right."""
    etag = reply.header("ETag") or before.etag
    modified = reply.header("Last-Modified") or before.modified
    return Answer(reply.target.url, reply.status, _media_type(reply), etag, modified, 0, "")


def _written(pieces: Iterator[bytes], path: Path) -> tuple[int, str]:
    """Writes a file beside its place and moves it there when it is whole. Its bytes, and their SHA-256."""
    part, size, digest = path.with_name(f"{path.name}.part"), 0, hashlib.sha256()
    try:
        with part.open("wb") as file:
            for piece in pieces:
                file.write(piece)
                size += len(piece)
                digest.update(piece)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:  # what the network does is SourceFailed by now
        raise StoreFailed(path, f"cannot be written: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)
    return size, digest.hexdigest()
