"""How long it takes to publish a large site and to publish it again, and what that takes on the disk."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from generate import Site
from programs import SOLLD, Run, disk_bytes, load, run

CHANGED = 100  # resources
MIB = 2**20


@dataclass(frozen=True)
class Measure:
    """One row of the table: a publish, held against the full build of the same run."""

    name: str
    run: Run
    bytes: int  # new on the disk in the release


def measure(triples: int, datasets: int) -> None:
    """Builds one site, changes it, and prints its table."""
    with tempfile.TemporaryDirectory(prefix="solld-bench-") as folder:
        site = Site.of(Path(folder) / "site", triples, datasets)
        site.write()
        shape = f"{datasets} dataset{'s' * (datasets > 1)}"
        print(f"\n{site.triples:,} triples in {shape}, {CHANGED} resources changed{load()}")
        print(f"{'':32}{'seconds':>9}{'of full':>9}{'disk MiB':>10}{'of full':>9}{'peak MiB':>10}", flush=True)
        full = _publish(site, "full build")
        _row(full, full)
        _row(_publish(site, "without changes"), full)
        site.raise_towers(0, range(CHANGED), 1)
        _row(_publish(site, "changes in one dataset"), full)
        if datasets > 1:
            site.raise_spread(CHANGED, 2)
            _row(_publish(site, "changes spread over all datasets"), full)
        history = (site.folder / "var" / "history.sqlite").stat().st_size
        print(f"the history, which has every version: {history / MIB:.1f} MiB", flush=True)


def _publish(site: Site, name: str) -> Measure:
    before = _releases(site)
    took = run((*SOLLD, "publish", "--site", str(site.folder)), site.folder.parent / "log")
    return Measure(name, took, disk_bytes(set(_releases(site)) - set(before), before))


def _releases(site: Site) -> list[Path]:
    folder = site.folder / "var" / "releases"
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _row(each: Measure, full: Measure) -> None:
    print(
        f"{each.name:32}{each.run.seconds:>9.2f}{each.run.seconds / full.run.seconds:>9.1%}"
        f"{each.bytes / MIB:>10.1f}{each.bytes / full.bytes:>9.1%}{each.run.peak_bytes / MIB:>10.0f}",
        flush=True,
    )
