"""A harvest of many requests that broke off goes on where it was: what was answered is kept for some hours.

Only what broke off is resumed: the network, the server, a kill. What a source finds wrong with its pages together, like
fewer entries than were promised, is asked anew from the beginning.
"""

import hashlib
import json
import shutil
import time
from dataclasses import asdict
from pathlib import Path

from solld.errors import SourceFailed, StoreFailed
from solld.sources import Get, Page

FRESH = 6 * 3600  # seconds for which an answer is kept: pages of two days are not of one list


class Resuming:
    """Asks, unless the answer is in the folder already. It is a `solld.sources.Get`."""

    def __init__(self, get: Get, folder: Path):
        self._get, self._folder = get, folder
        self.broke = False  # whether an answer was not had
        self.resumed = 0  # answers that were there

    def __call__(self, url: str, accept: str = "*/*", body: bytes = b"", media_type: str = "") -> Page | None:
        name = hashlib.sha256(b"\0".join((url.encode(), accept.encode(), body, media_type.encode()))).hexdigest()
        path = self._folder / name
        if (found := _kept(path)) is not None:
            self.resumed += 1
            return found[0]
        try:
            page = self._get(url, accept, body, media_type)
        except SourceFailed:
            self.broke = True
            raise
        self._keep(path, page)
        return page

    def forget(self) -> None:
        """Lets go of all answers."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _keep(self, path: Path, page: Page | None) -> None:
        """Writes an answer, whole or not at all: its facts in one line of JSON, then its body."""
        facts = {**asdict(page), "body": None, "headers": dict(page.headers)} if page else None
        part = path.with_suffix(".part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part.write_bytes(json.dumps(facts).encode() + b"\n" + (page.body if page else b""))
            part.replace(path)
        except OSError as error:
            raise StoreFailed(path, f"cannot be written: {error.strerror}") from error


def _kept(path: Path) -> tuple[Page | None] | None:
    """An answer that is fresh, which may be that there is nothing; None if there is none."""
    try:
        if time.time() - path.stat().st_mtime > FRESH:
            return None
        line, _, body = path.read_bytes().partition(b"\n")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreFailed(path, f"cannot be read: {error.strerror}") from error
    facts = json.loads(line)
    return (Page(**{**facts, "body": body}) if facts else None,)
