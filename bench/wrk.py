"""Asks a server as fast as it answers: the home of wrk (https://github.com/wg/wrk)."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from programs import Failed, run

CLIENTS = 8
SCRIPT = Path(__file__).resolve().parent / "walk.lua"


@dataclass(frozen=True)
class Load:
    """What wrk counted."""

    requests: int
    per_second: float


def install(log: Path) -> None:
    """Failed, with the line to run, if there is no wrk and we may not install it."""
    if shutil.which("wrk"):
        return
    if os.geteuid() or not shutil.which("apt-get"):
        raise Failed("the benchmark of requests needs wrk: sudo apt-get install wrk")
    run(("apt-get", "install", "-y", "wrk"), log)


def ask(origin: str, paths: Path, place: int, accept: str, seconds: int, clients: int = CLIENTS) -> Load:
    """Asks the paths in a file, from a place on. Failed if an answer was an error."""
    command: Sequence[str] = (
        *("wrk", "--threads", "1", "--connections", str(clients), "--duration", f"{seconds}s", "--timeout", "30s"),
        *("--header", f"Accept: {accept}", "--script", str(SCRIPT), origin, "--", str(paths), str(place)),
    )
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    wrong = re.search(r"Socket errors:.*|Non-2xx.*", said)
    requests, rate = re.search(r"(\d+) requests in", said), re.search(r"Requests/sec:\s+([\d.]+)", said)
    if wrong or not requests or not rate:
        raise Failed(wrong[0].strip() if wrong else "wrk says nothing")
    return Load(int(requests[1]), float(rate[1]))
