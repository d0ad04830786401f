"""Sends files that are made of a release: made by a process of their own when first asked for, whole or in part.

https://www.rfc-editor.org/rfc/rfc9110#section-14  https://www.rfc-editor.org/rfc/rfc9530
"""

import asyncio
import hashlib
import logging
import os
import subprocess
import sys
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from werkzeug.http import parse_range_header

from solld.errors import StoreFailed
from solld.exports.made import SUM, Dated, asked_for, path_of
from solld.model import Settings
from solld.web.asking import Answer, Header, Request
from solld.web.kept import NOT_MODIFIED_HEADERS, not_modified
from solld.web.transfer import Send

FILE = "Solld-File"  # a header that never leaves: which file the answer is
PIECE = 256 * 1024  # bytes
NICE = 10  # whoever asks for pages comes before whoever waits for a dump
log = logging.getLogger("solld")


class Files:
    """The files of a site; one is made at a time."""

    def __init__(self, settings: Settings):
        self._settings = settings
        self._maker = ThreadPoolExecutor(1, thread_name_prefix="solld-files")

    async def path(self, answer: Answer) -> Path:
        """The file that an answer is. StoreFailed if it cannot be made."""
        number, built, file = answer.header(FILE.lower().encode()).split(" ")
        path = path_of(self._settings, Dated(int(number), datetime.fromisoformat(built)), file)
        if not asked_for(path):
            wanted = file.removesuffix(SUM)
            await asyncio.get_running_loop().run_in_executor(self._maker, self._make, int(number), wanted, path)
        return path

    def _make(self, number: int, file: str, path: Path) -> None:
        if path.exists():
            return
        options = ["--site", str(self._settings.folder.absolute()), "--release", str(number)]
        command = [sys.executable, "-m", "solld", "export", file, *options]
        done = subprocess.run(["nice", "-n", str(NICE), *command], capture_output=True, text=True, check=False)
        if done.returncode or not path.exists():
            raise StoreFailed(path, f"it could not be made: {done.stderr.strip() or done.returncode}")

    def close(self) -> None:
        self._maker.shutdown(wait=False, cancel_futures=True)


@dataclass(frozen=True)
class Part:
    """The bytes of a file that are sent: from `start` to before `stop`."""

    status: int
    start: int
    stop: int


async def send_file(answer: Answer, path: Path, request: Request, send: Send, stall: float) -> None:
    """Sends a file, or the part of it that was asked for."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        headers, tag = _headers(answer, path)
        if not_modified(tag, answer.header(b"last-modified"), request):
            kept = [pair for pair in headers if pair[0] in NOT_MODIFIED_HEADERS]
            await send({"type": "http.response.start", "status": 304, "headers": kept})
            await send({"type": "http.response.body", "body": b""})
            return
        part = _part(request, tag, answer.header(b"last-modified"), size)
        if part.status == 416:
            headers = [pair for pair in headers if pair[0] not in (b"content-type", b"repr-digest")]
            headers.append((b"content-range", f"bytes */{size}".encode()))
        elif part.status == 206:
            headers.append((b"content-range", f"bytes {part.start}-{part.stop - 1}/{size}".encode()))
        headers.append((b"content-length", str(part.stop - part.start).encode()))
        await send({"type": "http.response.start", "status": part.status, "headers": headers})
        await _send_bytes(file, part if request.method == "GET" else Part(part.status, 0, 0), send, stall)


def _headers(answer: Answer, path: Path) -> tuple[list[Header], str]:
    """The headers of a file, and its validator: its SHA-256."""
    headers = [pair for pair in answer.headers if pair[0] not in (FILE.lower().encode(), b"content-length", b"vary")]
    if path.name.endswith(SUM):
        tag = hashlib.sha256(path.read_bytes()).hexdigest()
    else:
        tag = path.with_name(path.name + SUM).read_text(encoding="ascii").partition(" ")[0]
        headers.append((b"repr-digest", b"sha-256=:" + b64encode(bytes.fromhex(tag)) + b":"))
    return [*headers, (b"etag", f'"{tag}"'.encode()), (b"accept-ranges", b"bytes")], f'"{tag}"'


def _part(request: Request, tag: str, modified: str, size: int) -> Part:
    """What is asked for; all of it where the range cannot be read, has several parts, or is of another file."""
    asked = parse_range_header(request.headers.get("range"))
    condition = request.headers.get("if-range")
    whole = Part(200, 0, size)
    if not asked or request.method != "GET" or asked.units != "bytes" or len(asked.ranges) > 1:
        return whole
    if condition is not None and condition not in (tag, modified):
        return whole
    found = asked.range_for_length(size)
    return Part(206, *found) if found else Part(416, 0, 0)


async def _send_bytes(file: IO[bytes], part: Part, send: Send, stall: float) -> None:
    loop = asyncio.get_running_loop()
    file.seek(part.start)
    left = part.stop - part.start
    try:
        while left > PIECE:
            data = await loop.run_in_executor(None, file.read, PIECE)
            left -= len(data)
            async with asyncio.timeout(stall):
                await send({"type": "http.response.body", "body": data, "more_body": True})
    except TimeoutError:
        log.warning("a file was broken off: the client took nothing for %g seconds", stall)
        return
    await send({"type": "http.response.body", "body": file.read(left)})
