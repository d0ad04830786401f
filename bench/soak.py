"""Besieges a server for as long as one likes, and says whether anything leaks.

`make soak SECONDS=3600` throws the attack set of `tests/bombs.py`, in another order each time, and between whiles the
bombs that end their process for want of memory, until a thousand processes were lost and the time is over; four good
clients go on meanwhile. Every ten seconds the processes of the server are looked at. After each round it is left in
peace until it is quiet: what it holds then may not grow from round to round. It ends with status 1 if it does, if a
bomb got no clear answer, or if a good client got an error. All of it is on this machine, and bounded in time.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from generate import Site
from programs import SOLLD, load

from bombs import accidents
from senders import Target, complaints, throw
from siege import Server, Throw, Tree, Visitors, attack, busy, eventually, serving, storm, trap, tree, workers

TRIPLES = 50_000
LIMIT, MEMORY = 2, 256  # seconds and MiB of a query
AT_ONCE = 4
LOOK = 10  # seconds between looks
WANTED = 1000  # accidents
REST = 15  # seconds that a server has to become quiet
IDLE = 0.05  # cores
VISITED = 1.0  # cores that the good clients may keep busy
GOOD = ("127.0.0.2",) * 4  # where the good clients come from; the bombs come from 127.0.0.1
WARM = 2  # rounds that are not counted: caches fill, allocators take what they need
# What may be added from the first counted round to the last, as a line through all of them has it.
# Up to 64 connections between web processes and dispatcher are kept, now more of them and now fewer.
GROWTH = {"memory": 64 * 2**20, "files": 64.0, "serving": 0.5, "workers": 4.0, "zombies": 1.5}


@dataclass
class Watch:
    """Looks at the processes of a server, and counts those workers that are gone."""

    server: Server
    began: float = field(default_factory=time.monotonic)
    seen: set[int] = field(default_factory=set)
    lost: int = 0
    round: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        looked = 0.0
        while not self.stopped.wait(0.1):
            alive = workers(self.server.pid)
            self.lost += len(self.seen - alive)
            self.seen = alive
            if time.monotonic() - looked > LOOK:
                looked = time.monotonic()
                self.say(tree(self.server.pid), "")

    def say(self, found: Tree, remark: str) -> None:
        print(
            f"{time.monotonic() - self.began:7.0f}{self.round:6}{self.lost:8}{found.serving:9}{found.workers:9}"
            f"{found.zombies:9}{found.files:7}{found.serving_bytes / 2**20:13.0f}{found.worker_bytes / 2**20:13.0f}"
            f"  {remark}",
            flush=True,
        )


@dataclass(frozen=True)
class Round:
    """What a server was after a round, when it had become quiet, and what had gone wrong in it."""

    rest: Tree
    quiet: bool
    thrown: int
    wrong: tuple[str, ...]


def rounds(server: Server, watch: Watch, seconds: float, address: str) -> list[Round]:
    """Rounds of the attack until the time is over."""
    chance = random.Random(3)
    target = Target(server.port, "127.0.0.1", address, LIMIT)
    done: list[Round] = []
    until = time.monotonic() + seconds
    while time.monotonic() < until or not done:
        watch.round += 1
        throws = attack(LIMIT) + _accidents(watch.lost, until)
        chance.shuffle(throws)
        thrown = storm(throws, target, AT_ONCE)
        quiet = eventually(lambda: busy(server.pid, 0.5) < VISITED, REST)
        rest = tree(server.pid)
        wrong = tuple(complaint for _, _, complaint in thrown if complaint)
        done.append(Round(rest, quiet, len(thrown), wrong))
        watch.say(rest, f"at rest; {len(thrown)} thrown, {len(wrong)} without a clear answer")
    return done


def _accidents(lost: int, until: float) -> list[Throw]:
    """So many bombs that end their process that a thousand are reached in time, but never more than 300 in a round."""
    left = max(1.0, (until - time.monotonic()) / 100)  # rounds, of some 100 seconds
    number = min(300, max(20, int((WANTED - lost) / left)))
    several = [bomb for bomb in accidents() for _ in range(number // len(accidents()) + 1)][:number]
    return [
        (b.name, partial(throw, b), partial(complaints, b.name, may=b.may, limit=b.limit, seconds=LIMIT))
        for b in several
    ]


def slope(values: Sequence[float]) -> float:
    """What a straight line through the values gains from the first to the last."""
    number = len(values)
    if number < 2:
        return 0.0
    middle, mean = (number - 1) / 2, sum(values) / number
    spread = sum((i - middle) ** 2 for i in range(number))
    return sum((i - middle) * (value - mean) for i, value in enumerate(values)) / spread * (number - 1)


def leaks(done: Sequence[Round]) -> list[str]:
    """What grows from round to round."""
    counted = [each.rest for each in (done[WARM:] if len(done) > WARM + 1 else done)]
    series: dict[str, list[float]] = {
        "memory": [each.serving_bytes for each in counted],
        "files": [each.files for each in counted],
        "serving": [each.serving for each in counted],
        "workers": [each.workers for each in counted],
        "zombies": [each.zombies for each in counted],
    }
    found = []
    for name, values in series.items():
        gained = slope(values)
        print(f"{name:10} first {values[0]:14,.0f}   last {values[-1]:14,.0f}   gained along the line {gained:14,.1f}")
        if gained > GROWTH[name]:
            found.append(f"{name} grows by {gained:,.0f} in {len(values)} rounds")
    return found


def verdict(done: Sequence[Round], visitors: Visitors, span: tuple[float, float], caught: Sequence[str]) -> list[str]:
    """All that is wrong."""
    wrong = leaks(done)
    wrong += [f"not quiet after round {i}" for i, each in enumerate(done, 1) if not each.quiet]
    complained = Counter(complaint.partition(":")[0] for each in done for complaint in each.wrong)
    wrong += [f"no clear answer, {number} times: {name}" for name, number in complained.most_common(20)]
    wrong += [f"a good client: {text}" for text in visitors.wrongs()[:10]]
    wrong += [f"the service connected to the listener: {text}" for text in caught[:5]]
    print(
        f"{sum(each.thrown for each in done)} bombs in {len(done)} rounds; "
        f"{len(visitors.asked)} good questions, 95 of 100 answered within {visitors.p95(span) * 1000:.0f} ms"
    )
    return wrong


def identifiers(site: Site) -> str:
    return "\n".join(f"https://lights.example/id/{identifier}" for identifier in site.identifiers())


def soak(folder: Path, seconds: float) -> list[str]:
    site = Site.of(folder / "site", TRIPLES, 2)
    site.write()
    subprocess.run([*SOLLD, "publish", "--site", str(site.folder)], check=True, capture_output=True)
    known = folder / "identifiers"
    known.write_text(identifiers(site), encoding="utf-8")
    with serving(site.folder, LIMIT, MEMORY, folder / "server.log") as server, trap() as (address, caught):
        print(f"{seconds:.0f} s of siege; {LIMIT} s and {MEMORY} MiB a query{load()}")
        print(
            f"{'second':>7}{'round':>6}{'lost':>8}{'serving':>9}{'workers':>9}{'zombies':>9}{'files':>7}"
            f"{'serving MiB':>13}{'workers MiB':>13}"
        )
        watch = Watch(server)
        visitors = Visitors(server.port, known, GOOD)
        watching = threading.Thread(target=watch.run)
        watching.start()
        began = time.monotonic()
        try:
            done = rounds(server, watch, seconds, address)
        finally:
            ended = time.monotonic()
            watch.stopped.set()
            watching.join()
            visitors.leave()
        wrong = verdict(done, visitors, (began, ended), caught)
        print(f"{watch.lost} accidents" + ("" if watch.lost >= WANTED else f", fewer than {WANTED}: take more time"))
        if not eventually(lambda: busy(server.pid) < IDLE, REST):
            wrong.append(f"{busy(server.pid):.2f} cores are busy at the end")
        return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seconds", type=float, nargs="?", default=600)
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory(prefix="solld-soak-") as folder:
        wrong = soak(Path(folder), seconds)
    print("\n".join(wrong) or "nothing leaks, every bomb got a clear answer, no good client got an error")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
