"""Reads the datasets of a site: their files, and what was harvested; of that what changed, if that can be told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from solld import changes, harvested, identify, ingest
from solld.addresses import key_iri
from solld.harvested import Since
from solld.ingest import Reading
from solld.lazily import Lazily, only
from solld.model import Dataset, Finding, Settings


@dataclass(frozen=True)
class Input:
    """What a dataset is read from, and how far the newest release has read it."""

    dataset: Dataset
    fingerprint: str
    withdrawn: frozenset[str]  # source keys that are not published, though the data may have them
    now: Since | None  # of what was harvested
    since: Since | None  # from where on that is read; None for all of it

    @property
    def graph(self) -> str:
        return self.dataset.graph.value


def of(
    settings: Settings,
    dataset: Dataset,
    vocabulary: str,
    withdrawn: Mapping[str, frozenset[str]],
    manifest: Mapping[str, Any],
) -> Input:
    """The input of a dataset. `vocabulary` is the fingerprint of what it is checked with."""
    hidden = withdrawn.get(dataset.name, frozenset())
    files = changes.fingerprint(dataset.files, vocabulary, *sorted(hidden))
    if not harvested.is_harvested(dataset):
        return Input(dataset, files, hidden, None, None)
    before = manifest.get("harvested", {}).get(dataset.name)
    now = harvested.now(settings, dataset)
    if now is None:  # it was harvested on another machine: what is published stands
        kept = manifest.get("inputs", {}).get(dataset.graph.value)
        return Input(dataset, kept or files, hidden, Since(**before) if before else None, None)
    now = replace(now, files=files)
    since = Since(**before) if before and before["state"] == now.state and before["files"] == files else None
    return Input(dataset, f"{files} {now.state} {now.run}", hidden, now, since)


def read(settings: Settings, each: Input, genid: str, say: Callable[[str], None]) -> Reading:
    """The resources of a dataset under their source keys, without those that are withdrawn."""
    dataset = each.dataset
    say(f"reading {dataset.name}")
    base = key_iri(settings.base, dataset.name)
    found = ingest.read(dataset.files, lambda path: base, genid, settings.folder, dataset.name)
    if harvested.is_harvested(dataset):
        found = _with_harvested(settings, each, found)

    def is_shown(name: str) -> bool:
        return not identify.is_among(each.withdrawn, dataset.name, name.removeprefix(base))

    return replace(found, resources=only(found.resources, filter(is_shown, found.resources)))


def _with_harvested(settings: Settings, each: Input, found: Reading) -> Reading:
    kept = harvested.read(settings, each.dataset, each.since)
    own = {n: lines for n, lines in found.resources.items() if n in kept.resources or kept.whole or n in kept.gone}

    def of(name: str) -> list[bytes]:
        """What was harvested of a resource, with what files beside it say."""
        if name not in kept.resources:
            return own[name]
        return sorted({*kept.resources[name], *own[name]}) if name in own else kept.resources[name]

    resources = Lazily((*kept.resources, *own), of)
    if each.now is None:
        message = f"nothing was harvested yet: solld harvest {each.dataset.name}"
        path = str((each.dataset.folder / "dataset.ttl").relative_to(settings.folder))
        finding = Finding("Info", message, path, dataset=each.dataset.name)
        found = replace(found, findings=(*found.findings, finding))
    return replace(found, resources=resources, gone=None if kept.whole else kept.gone - resources.keys())
