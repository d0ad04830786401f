"""The commands that speak with other directories: add-source, harvest."""

import argparse
import json
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any

from solld import harvested, licences, site, sources
from solld.addresses import key_iri
from solld.commands import Command, Say, settings_of
from solld.errors import BadSite
from solld.harvested.state import Run
from solld.harvesting import adding, looking
from solld.harvesting.fetching import Session
from solld.harvesting.harvest import FAILED, HELD, harvest, status
from solld.harvesting.limits import MEGABYTE, Limits
from solld.harvesting.looking import Look
from solld.ingest import grouped
from solld.model import Dataset, Settings
from solld.rdf import Literal, triples_of
from solld.sources.lift import lift

WIDTH = 150  # characters of a sample record


def add(commands: Any, command: Command) -> None:
    adding_ = command(commands, "add-source", "look at what another directory publishes, and add it", add_source)
    adding_.add_argument("where", metavar="URL|FILE", help="what it publishes")
    adding_.add_argument("--name", default="", help="of the dataset; made of the URL if not given")
    adding_.add_argument("--title", default="", help="of the dataset")
    adding_.add_argument("--language", default="", help="of texts that do not say theirs; told from them if not given")
    adding_.add_argument("--license", default="", metavar="IRI", help="of the data; read from them if not given")
    adding_.add_argument("--as", dest="kind", default="", metavar="SOURCE", help="what it is, if it is not recognised")
    adding_.add_argument("--again", action="store_true", help="guess the lift of a dataset anew")
    adding_.add_argument("--dry-run", action="store_true", help="only show what would be written")
    harvesting = command(
        commands, "harvest", "fetch what other directories publish, and take in what changed", harvest_
    )
    harvesting.add_argument("names", nargs="*", metavar="NAME", help="of datasets; all that are harvested if not given")
    harvesting.add_argument("--accept", action="store_true", help="take in what was held back for a person")
    harvesting.add_argument("--status", action="store_true", help="tell what is known of each source; ask nobody")


def session_of(settings: Settings) -> Session:
    """What asks other servers, within the limits of the site."""
    limits = Limits(
        agent=settings.harvest_agent,
        seconds=settings.harvest_seconds,
        bytes=settings.harvest_megabytes * MEGABYTE,
        redirects=settings.harvest_redirects,
        wait=settings.harvest_wait,
        allow=frozenset(settings.harvest_allow),
        ignore_robots=frozenset(settings.harvest_robots),
    )
    return Session(limits)


def add_source(options: argparse.Namespace, say: Say) -> int:
    settings = settings_of(options)
    say(f"looking at {options.where}")
    found = looking.look(settings.folder, options.where, session_of(settings), options.kind, options.language)
    name = options.name or adding.name_of(options.where)
    facts = _facts(settings, found, name, options)
    if not options.dry_run:
        folder = adding.add(settings, found, name, options.title, options.license, options.again)
        facts["folder"] = str(folder)
    if options.json:
        print(json.dumps(facts, ensure_ascii=False))
        return 0
    _show(facts)
    return 0


def _facts(settings: Settings, found: Look, name: str, options: argparse.Namespace) -> dict[str, Any]:
    query = adding.text_of(found, name)
    return {
        "dataset": name,
        "source": found.source.name,
        "url": found.url,  # of a distribution, if a catalogue was looked at
        "title": found.source.title,
        "records": found.number,
        "more": found.number >= looking.LOOKED_AT,
        "mapping": [
            {
                "fragment": use.fragment.name,
                "summary": use.fragment.summary,
                "columns": {part.role.name: part.column.name for part in use.parts},
                "readings": {part.role.name: part.reading for part in use.parts},
                "language": next((part.column.language for part in use.parts), ""),
                "filled": min((part.column.filled for part in use.parts), default=found.number),
                "unread": _unread(use.parts),
            }
            for use in found.uses
        ],
        "unused": found.unused,
        "unreadable": [dict(zip(("column", "as", "value"), each, strict=True)) for each in found.unreadable],
        "personal": list(found.personal),
        "language": found.language,
        "license": options.license or (found.licence.iri if found.licence else ""),
        "license_stated": found.licence_text,
        "license_kind": licences.kind_of(settings, options.license or (found.licence.iri if found.licence else "")),
        "samples": list(_samples(settings, found, query, name)),
    }


def _unread(parts: Sequence[Any]) -> list[str]:
    """Some values of columns that their reading cannot read."""
    found = []
    for part in parts:
        read = sources.readings.READINGS[part.reading]
        found += [value for value in part.column.values if not any(True for _ in read(value))]
    return found[:10]


def _samples(settings: Settings, found: Look, query: str, name: str) -> Iterable[dict[str, Any]]:
    """The first records as they will be: for each thing what is said of it, by the local names of properties."""
    base = key_iri(settings.base, name)
    for row in found.rows:
        for thing, lines in grouped(b"\n".join(lift([row], query, base))).items():
            if thing.startswith(base):
                said: dict[str, list[str]] = {}
                for triple in triples_of(lines):
                    values = said.setdefault(triple.predicate.value.replace("#", "/").rpartition("/")[2], [])
                    values.append(_shown(triple.object))
                yield {"key": thing.removeprefix(base), "place": row.place, "said": said}


def _shown(term: object) -> str:
    if isinstance(term, Literal):
        return f"{term.value}@{term.language}" if term.language else term.value
    return str(getattr(term, "value", term))


def _show(facts: dict[str, Any]) -> None:
    more = "at least " if facts["more"] else ""
    print(f"{facts['dataset']}: {facts['title']} with {more}{facts['records']} records, at {facts['url']}")
    for each in facts["mapping"]:
        named = ", ".join(
            f"{facts_column} ({each['readings'][role]})" for role, facts_column in each["columns"].items()
        )
        language = f" in {each['language']}" if each["language"] else ""
        unread = f"; cannot be read: {', '.join(map(repr, each['unread'][:4]))}" if each["unread"] else ""
        if each["columns"]:
            print(f"  {each['fragment']:<18} {named}{language}, in {each['filled']} records{unread}")
    if not any("name" in each["columns"] for each in facts["mapping"][1:]):
        print("no column is called like a name: say in lift.rq which one it is")
    print(f"not used: {', '.join(facts['unused']) or 'nothing'}")
    for each in facts["unreadable"]:
        print(f"  {each['column']} is called as for {each['as']}, and cannot be read so: {each['value'][:60]!r}")
    if facts["personal"]:
        print(f"left out as contact data of persons: {', '.join(facts['personal'])}")
    print(f"language of texts that do not say it: {facts['language']}")
    stated = f" (it says {facts['license_stated']!r})" if facts["license_stated"] else ""
    what = {"open": "may enter the merged view", "separate": "only in its own graph", "unknown": "names and links only"}
    print(f"licence: {facts['license'] or 'none was found'}{stated}: {what[facts['license_kind']]}")
    for number, sample in enumerate(facts["samples"], 1):
        said = sorted(sample["said"].items(), key=lambda item: FIRST.index(item[0]) if item[0] in FIRST else len(FIRST))
        text = " ".join("; ".join(f"{name} {', '.join(v)}" for name, v in said if name not in HIDDEN).split())
        print(f"{number:>3}. {sample['key']}: {text if len(text) <= WIDTH else text[: WIDTH - 1] + '…'}")
    if "folder" in facts:
        print(f"wrote {facts['folder']}; next: solld harvest {facts['dataset']} && solld publish")


FIRST = ("prefLabel", "label", "name", "title", "altLabel")
HIDDEN = ("identifier", "type", "evidence", "wasDerivedFrom", "inScheme", "location", "address", "geo", "schemaAgency")


def harvest_(options: argparse.Namespace, say: Say) -> int:
    settings = settings_of(options)
    chosen = harvested_ones(settings, options.names)
    if options.status:
        rows = [status(settings, dataset) for dataset in chosen]
        print(json.dumps(rows, ensure_ascii=False) if options.json else "\n".join(map(_status, rows)) or NOTHING)
        return 0
    session = session_of(settings)

    def one(dataset: Dataset) -> tuple[Dataset, Run]:
        return dataset, harvest(settings, dataset, session, say, options.accept)

    found = []
    with ThreadPoolExecutor(settings.harvest_at_once) as pool:
        for dataset, run in pool.map(one, chosen):
            found.append({"dataset": dataset.name, **asdict(run)})
            if not options.json:
                print(_told(dataset.name, run), flush=True)
    if options.json:
        print(json.dumps(found, ensure_ascii=False))
    elif not found:
        print(NOTHING)
    return 3 if any(each["outcome"] in (FAILED, HELD) for each in found) else 0


NOTHING = "nothing is harvested here; solld add-source adds what another directory publishes"


def harvested_ones(settings: Settings, names: Sequence[str]) -> list[Dataset]:
    """The datasets of these names that are harvested, or all that are. BadSite for one that is not."""
    there = {dataset.name: dataset for dataset in site.datasets(settings) if harvested.is_harvested(dataset)}
    for name in names:
        if name not in there:
            raise BadSite(settings.folder / "data" / name, f"is not harvested; {', '.join(there) or 'nothing'} is")
    return [there[name] for name in names or there]


def _told(name: str, run: Run) -> str:
    facts = run.facts
    if run.outcome in (FAILED, HELD):
        return f"{name}: {run.outcome}: {facts.get('reason', '')}"
    if run.outcome == "unchanged":
        return f"{name}: not changed, {facts.get('rows', 0)} records"
    dropped = sum(facts.get("dropped", {}).values())
    personal = f"; {dropped} contact data of persons were left out" if dropped else ""
    return (
        f"{name}: {facts['rows']} records, {facts['lifted']} of them new or changed: "
        f"{facts['created']} resources created, {facts['changed']} changed, {facts['gone']} gone{personal}"
    )


def _status(known: Any) -> str:
    last = known["last"]
    if last is None:
        return f"{known['dataset']}: never harvested"
    reason = f": {last['facts']['reason']}" if "reason" in last["facts"] else ""
    good = f"; last good {known['good']}" if known["good"] != last["ended"] else ""
    stale = f"; not fresh since {known['expires']}" if known["expired"] else ""
    return f"{known['dataset']}: {last['outcome']} on {last['ended']}{reason}; {known['records']} records{good}{stale}"
