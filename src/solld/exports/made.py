"""Makes files of a release and keeps them in var/files/: whole or not at all, once, each with its SHA-256 beside it.

They can always be made again. When they take too much room, those that were not asked for longest go first.
"""

import fcntl
import hashlib
import os
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from solld import merging, release
from solld.errors import NotFound, StoreFailed
from solld.exports import MERGED, Export, Source, directory, parsed
from solld.exports.statements import quads
from solld.history import History
from solld.model import Settings

SUM = ".sha256"  # in the form of sha256sum


@dataclass(frozen=True)
class Dated:
    """A release by its number and time: what the files of it are kept under, and what their address says."""

    number: int
    built: datetime

    @property
    def name(self) -> str:
        return f"{self.built:%Y-%m-%d}.{self.number}"


def path_of(settings: Settings, dated: Dated, file: str) -> Path:
    """Where a file of a release is, once it is made; what the site's query makes is of that query too."""
    folder, _, name = file.partition("/")
    query = directory.path(settings)
    if folder == "export" and query.exists():
        folder = f"export-{hashlib.sha256(query.read_bytes()).hexdigest()[:8]}"
    return settings.var / "files" / f"{dated.number}-{dated.built:%Y%m%dT%H%M%S}" / folder / name


def media_type(settings: Settings, past: History, dated: Dated, file: str) -> str | None:
    """What a file of a release is; None if there is no such file."""
    found = parsed(file)
    if isinstance(found, Export):
        return found.media_type if found.offered(settings) else None
    if found is None:
        return None
    name, kind = found
    known = name == MERGED or past.is_there(f"{settings.base}dataset/{name}", dated.number)
    return kind.media_type if known else None


def make(settings: Settings, number: int, file: str) -> Path:
    """The path of a file of a release, which is made if it is not there. NotFound if there is no such file."""
    past = History.read_only(settings.var / "history.sqlite")
    try:
        built = past.releases().get(number)
        if built is None or media_type(settings, past, Dated(number, built), file) is None:
            raise NotFound(file, f"release {number} has no such file")
        path = path_of(settings, Dated(number, built), file)
        path.parent.mkdir(parents=True, exist_ok=True)
        with (settings.var / "files" / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # the system gives it back however this ends
            if not asked_for(path):
                _make(settings, past, number, file, path)
                _make_room(settings, path)
        return path
    except OSError as error:
        raise StoreFailed(error.filename or settings.var / "files", error.strerror or str(error)) from error
    finally:
        past.close()


def asked_for(path: Path) -> bool:
    """Notes that a file is asked for, by the time on it; False if it is not there."""
    try:
        os.utime(path)
    except OSError:  # it is not there; or the disk is read-only, and what is there can still be sent
        return path.exists()
    return True


def _make(settings: Settings, past: History, number: int, file: str, path: Path) -> None:
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".") as scratch:
        source = Source(
            settings=settings,
            past=past,
            number=number,
            view=merging.of(past, number, settings.base),
            prefixes=release.completed((past.ontology(number) or (0, {}, b""))[1]),
            scratch=Path(scratch),
        )
        fresh = Path(scratch) / "file"
        with fresh.open("wb") as out:
            found = parsed(file)
            if isinstance(found, Export):
                found.write(source, out)
            elif found:
                found[1].write(source, quads(source, found[0]), out)
        with fresh.open("rb") as made:
            total = hashlib.file_digest(made, "sha256").hexdigest()
        (Path(scratch) / "sum").write_text(f"{total}  {path.name}\n", encoding="ascii")
        (Path(scratch) / "sum").replace(path.with_name(path.name + SUM))
        fresh.replace(path)


def _make_room(settings: Settings, newest: Path) -> None:
    found = sorted((settings.var / "files").glob("*/*/*"), key=lambda each: each.stat().st_mtime)
    room = sum(each.stat().st_size for each in found) - settings.dump_megabytes * 2**20
    for each in found:
        if room <= 0:
            return
        if each.suffix != SUM and each != newest:
            room -= each.stat().st_size
            each.unlink()
            each.with_name(each.name + SUM).unlink(missing_ok=True)
