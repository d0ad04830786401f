"""Runs the programs that are measured, and reads what they used: seconds, memory, disk."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

SOLLD = (sys.executable, "-m", "solld")
GRACE = 10  # seconds that a server has to end by itself
BLOCK = 512  # bytes in which stat(2) counts what a file takes on the disk


class Failed(Exception):
    """A program did not do what a benchmark needs; says what it said."""


@dataclass(frozen=True)
class Run:
    """What one run of a program took."""

    seconds: float
    peak_bytes: int  # resident memory
    cpu_seconds: float  # of all its threads


def run(command: Sequence[str], log: Path) -> Run:
    """Runs a program to its end. Failed, with the end of its log, unless its status is 0."""
    with log.open("wb") as out:
        started = time.monotonic()
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise Failed(f"{' '.join(command[:4])}: {last_line(log)}")
    return Run(seconds, usage.ru_maxrss * 1024, usage.ru_utime + usage.ru_stime)


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def load() -> str:
    """How busy the machine is with other things, for the head of a table: a measurement beside others tells little."""
    return f"; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"


def last_line(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    return lines[-1][:160] if lines else "it says nothing"


def disk_bytes(folders: Iterable[Path], without: Iterable[Path] = ()) -> int:
    """What the files take on the disk, like du: each inode once, and none that `without` has too."""
    known = {inode for folder in without for inode in _inodes(folder)}
    found = {inode: size for folder in folders for inode, size in _inodes(folder).items()}
    return sum(size for inode, size in found.items() if inode not in known)


def _inodes(folder: Path) -> Mapping[int, int]:
    files = (path.stat() for path in folder.rglob("*") if path.is_file())
    return {found.st_ino: found.st_blocks * BLOCK for found in files}


def start(command: Sequence[str], log: Path, environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """Starts a server, in a process group of its own."""
    with log.open("wb") as out:
        return subprocess.Popen(
            command,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, **environment},
            start_new_session=True,
        )


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Ends a server with all of its processes."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_for(process: "subprocess.Popen[bytes]", url: str, accept: str, patience: float) -> None:
    """Waits until a server answers 200. Failed if it ends or takes too long."""
    until = time.monotonic() + patience
    said = "no answer"
    while time.monotonic() < until:
        if process.poll() is not None:
            raise Failed(f"it ended with status {process.returncode}")
        try:
            read(url, accept)
        except HTTPError as error:
            said = str(error)
        except (URLError, OSError) as error:
            said = str(error)
        else:
            return
        time.sleep(0.2)
    raise Failed(f"not ready after {patience:.0f} seconds: {said}")


def read(url: str, accept: str) -> tuple[str, bytes]:
    """(media type, body) of an answer on this machine."""
    with urlopen(Request(url, headers={"Accept": accept}), timeout=30) as answer:
        return answer.headers.get_content_type(), answer.read()
