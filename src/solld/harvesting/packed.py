"""Files that come packed: gzip, bzip2, and the file in a ZIP, unpacked within the limit for what is harvested.

Of a ZIP with several files the fragment of the URL names one: https://their.example/list.zip#list/members.csv
"""

import bz2
import gzip
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, cast

from solld.errors import SourceFailed, StoreFailed
from solld.harvesting.limits import Most

BLOCK = 2**20  # bytes that are unpacked at once
ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
OFFICE = {"xl/workbook.xml": "a workbook of Excel", "content.xml": "a document of LibreOffice"}
UNREAD = {b"\xfd7zXZ\x00": "xz", b"7z\xbc\xaf\x27\x1c": "7z", b"\x28\xb5\x2f\xfd": "zstd", b"Rar!\x1a\x07": "RAR"}
TAR = (257, b"ustar")  # where tar says so
LISTED = 10  # members of a ZIP
Opened = AbstractContextManager[IO[bytes]]


def unpack(path: Path, where: str, most: Most, into: Path | None = None) -> bool:
    """Unpacks a file, in its place if `into` is not given; False, and nothing is done, if it is not packed.

    `where` is its URL, for messages, and for the member of a ZIP. SourceFailed for what is broken, too large, or
    leaves a choice.
    """
    opener = _opener(path, where)
    if opener is None:
        return False
    target = into or path
    part = target.with_name(f"{target.name}.unpacked")
    try:
        with opener() as packed:
            _copy(packed, part, where, most)
        part.replace(target)
    except (EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise SourceFailed(where, f"cannot be unpacked: {error}") from error
    except OSError as error:
        if error.errno is None:  # what gzip and bzip2 say of a file that is none
            raise SourceFailed(where, f"cannot be unpacked: {error}") from error
        raise StoreFailed(part, f"cannot be written: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)
    _refuse_tar(target, where)
    return True


def _opener(path: Path, where: str) -> Callable[[], Opened] | None:
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(b"\x1f\x8b"):
        return lambda: cast(Opened, gzip.open(path, "rb"))
    if head.startswith(b"BZh") and head[4:] == b"1AY&":
        return lambda: cast(Opened, bz2.open(path, "rb"))
    if head.startswith((ZIP, EMPTY_ZIP)):
        return lambda: _member(path, where)
    for magic, name in UNREAD.items():
        if head.startswith(magic):
            raise SourceFailed(where, f"is packed as {name}, which is not unpacked here; gzip, bzip2 and ZIP are")
    return None


@contextmanager
def _member(path: Path, where: str) -> Iterator[IO[bytes]]:
    """The file in a ZIP that is meant."""
    with zipfile.ZipFile(path) as archive:
        names = [each.filename for each in archive.infolist() if not each.is_dir() and not _is_hidden(each.filename)]
        for name, what in OFFICE.items():
            if name in names:
                raise SourceFailed(where, f"is {what}, which is not read here; saved as CSV it is")
        with archive.open(_chosen(names, where)) as file:
            yield file


def _chosen(names: list[str], where: str) -> str:
    wanted = where.partition("#")[2]
    if wanted in names:
        return wanted
    told = ", ".join(names[:LISTED]) + (f" and {len(names) - LISTED} more" if len(names) > LISTED else "")
    if wanted:
        raise SourceFailed(where, f"has no file {wanted} in it; there are {told}")
    if len(names) == 1:
        return names[0]
    if not names:
        raise SourceFailed(where, "is a ZIP without a file in it")
    raise SourceFailed(where, f"is a ZIP of {len(names)} files; put # and the name of one after its address: {told}")


def _is_hidden(name: str) -> bool:
    """What macOS puts into archives beside the files."""
    return any(part.startswith((".", "__MACOSX")) for part in name.split("/"))


def _copy(packed: IO[bytes], part: Path, where: str, most: Most) -> None:
    size = 0
    with part.open("wb") as file:
        while block := packed.read(BLOCK):
            size += len(block)
            if size > most.bytes:
                raise SourceFailed(where, f"is larger than {most} when unpacked")
            file.write(block)
        file.flush()
        os.fsync(file.fileno())


def _refuse_tar(path: Path, where: str) -> None:
    place, magic = TAR
    with path.open("rb") as file:
        file.seek(place)
        if file.read(len(magic)) == magic:
            raise SourceFailed(where, "is a tar archive, which is not unpacked here; gzip, bzip2 and ZIP are")
