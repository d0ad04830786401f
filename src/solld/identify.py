"""Gives source keys their identifiers, and checks the ledgers against the history: no identifier is ever lost.

`<base>key/<dataset>/<key>` is what a resource is called while it is read; `<base>id/<identifier>` is what is published.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from solld import ledger
from solld.addresses import thing_iri
from solld.errors import BadData
from solld.history import History
from solld.model import Settings
from solld.rdf import document_of, replaced

KNOWN = 100_000  # identifiers that are remembered while a build renames
Ledgers = Mapping[str, Mapping[str, tuple[str, str]]]  # dataset -> key -> (identifier, minted)


@dataclass(frozen=True)
class Register:
    """All identifiers of a site: the ledgers that differ from the newest release's, read whole, and the history."""

    read: Ledgers
    past: History | None

    def identifier(self, dataset: str, key: str) -> str | None:
        read = self.read.get(dataset, {})
        if key in read:
            return read[key][0]
        for name in (key, ledger.erased_key(dataset, key)):
            if name in read:
                return read[name][0]
            found = self.past.identifier(dataset, name) if self.past else None
            if found:
                return found
        return None

    def issued(self) -> Callable[[str], bool]:
        """Whether an identifier is taken."""
        known = {identifier for entries in self.read.values() for identifier, _ in entries.values()}
        return lambda identifier: identifier in known or bool(self.past and self.past.issued(identifier))

    def minted(self, identifiers: Iterable[str]) -> dict[str, str]:
        """identifier -> the day on which it was issued."""
        read = {identifier: day for entries in self.read.values() for identifier, day in entries.values()}
        days = ((each, read.get(each) or (self.past.minted(each) if self.past else None)) for each in identifiers)
        return {each: day for each, day in days if day}


def split(base: str, iri: str) -> tuple[str, str, str] | None:
    """(dataset, key, fragment with its #) of a source key's IRI; None for any other IRI."""
    start = f"{base}key/"
    if not iri.startswith(start):
        return None
    whole, sharp, fragment = iri[len(start) :].partition("#")
    dataset, _, key = whole.partition("/")
    return dataset, key, sharp + fragment


def published(base: str, past: History, iri: str) -> str | None:
    """The published IRI of a resource named by its source; None for a key without an identifier."""
    parts = split(base, iri)
    if parts is None:
        return iri
    identifier = past.identifier(*parts[:2]) or past.identifier(parts[0], ledger.erased_key(*parts[:2]))
    return thing_iri(base, identifier) + parts[2] if identifier else None


def checked(settings: Settings, past: History | None, before: Mapping[str, str]) -> Register:
    """The register of a site. BadData, with file and line, if a ledger is wrong or has lost what the history remembers.

    `before` are the fingerprints of the ledgers in the newest release: a file that did not change is not read again.
    """
    now = fingerprints(settings)
    paths = {name: settings.folder / "data" / name / "ids.csv" for name in now}
    read = {name: ledger.read(paths[name]) for name in now if before.get(name) != now[name]}
    ledger.check_across({paths[name]: entries for name, entries in read.items()})
    for name in past.ledgers() if past else ():
        if name in read or name not in now:
            path = settings.folder / "data" / name / "ids.csv"
            _check_kept(path, name, read.get(name, {}), past.identifiers(name) if past else {})
    for name, entries in read.items():
        _check_new(paths[name], name, entries, past)
    return Register(read, past)


def fingerprints(settings: Settings) -> dict[str, str]:
    """dataset -> a hash of its ledger file."""
    paths = sorted((settings.folder / "data").glob("*/ids.csv"))
    return {path.parent.name: hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest() for path in paths}


def _check_kept(
    path: Path, dataset: str, entries: Mapping[str, tuple[str, str]], before: Mapping[str, tuple[str, str]]
) -> None:
    unread = {identifier for key, (identifier, _) in before.items() if key.startswith(ledger.ERASED)}
    standing = {identifier for identifier, _ in entries.values()} if unread else set()
    for number, (known, (identifier, minted)) in enumerate(before.items(), 2):
        key = known if known in entries else ledger.erased_key(dataset, known)
        if known.startswith(ledger.ERASED) and identifier in standing:
            continue  # it was erased, and the file may still have its key
        if key not in entries:
            line = f"{identifier},{known},{minted}"
            raise BadData(path, f"the line {line!r} is gone; a ledger only grows: put it back", number)
        if entries[key][0] != identifier:
            raise BadData(
                path,
                f"the identifier of key {key!r} was {identifier!r} and must stay it",
                ledger.line_of(path, entries[key][0]),
            )


def _check_new(path: Path, dataset: str, entries: Mapping[str, tuple[str, str]], past: History | None) -> None:
    for key, (identifier, _) in entries.items():
        owner = past.issued(identifier) if past else None
        if owner and owner != (dataset, key) and not _is_same(dataset, key, owner):
            message = f"identifier {identifier!r} was issued to {owner[1]!r} of {owner[0]!r}; it is never used again"
            raise BadData(path, message, ledger.line_of(path, identifier))


def _is_same(dataset: str, key: str, owner: tuple[str, str]) -> bool:
    """Whether one of two keys is what was made of the other when it was erased."""
    keys = {key, owner[1]}
    return owner[0] == dataset and any(ledger.erased_key(dataset, each) in keys for each in keys)


def is_among(keys: frozenset[str], dataset: str, key: str) -> bool:
    """Whether a key is one of these, some of which may have been made unreadable."""
    return key in keys or (any(k.startswith(ledger.ERASED) for k in keys) and ledger.erased_key(dataset, key) in keys)


def missing(base: str, register: Register, resources: Iterable[str]) -> dict[str, set[str]]:
    """dataset -> the keys of these resources that have no identifier."""
    found: dict[str, set[str]] = {}
    for iri in resources:
        parts = split(base, document_of(iri))
        if parts and register.identifier(parts[0], parts[1]) is None:
            found.setdefault(parts[0], set()).add(parts[1])
    return found


def minted(settings: Settings, register: Register, resources: Iterable[str], date: str) -> Register:
    """Mints what is missing for these resources, writes it to the ledger files, and returns the register with it."""
    is_issued = register.issued()
    new = {
        name: ledger.append(settings.folder / "data" / name / "ids.csv", sorted(keys), is_issued, date)
        for name, keys in sorted(missing(settings.base, register, resources).items())
    }
    read = {name: {**register.read.get(name, {}), **new.get(name, {})} for name in {*register.read, *new}}
    return Register(read, register.past)


def keys(register: Register, identifiers: Iterable[str]) -> dict[str, frozenset[str]]:
    """dataset -> the source keys of these identifiers."""
    read = {i: (name, key) for name, entries in register.read.items() for key, (i, _) in entries.items()}
    found: dict[str, set[str]] = {}
    for identifier in identifiers:
        owner = read.get(identifier) or (register.past.issued(identifier) if register.past else None)
        if owner:
            found.setdefault(owner[0], set()).add(owner[1])
    return {name: frozenset(mine) for name, mine in found.items()}


class Renamer:
    """Gives the published IRI of a source key's IRI, and None for an IRI that stays as it is."""

    def __init__(self, base: str, register: Register):
        self._base, self._register = base, register
        start = re.escape(f"<{base}key/".encode())
        self._keys, self._quoted = re.compile(start + rb"([^>#]*)[>#]"), re.compile(rb'"[^\n]*' + start)
        self._thing = lru_cache(KNOWN)(self._found)

    def __call__(self, iri: str) -> str | None:
        parts = split(self._base, iri)
        return None if parts is None else self._thing(*parts[:2]) + parts[2]

    def lines(self, lines: list[bytes]) -> list[bytes]:
        """Lines of N-Triples with published IRIs; literals are left alone."""
        text, start = b"\n".join(lines), f"<{self._base}key/".encode()
        if self._quoted.search(text):
            return [replaced(line, self) for line in lines]
        for key in set(self._keys.findall(text)):
            dataset, _, rest = key.decode().partition("/")
            thing = f"<{self._thing(dataset, rest)}".encode()
            for end in (b">", b"#"):
                text = text.replace(start + key + end, thing + end)
        return text.split(b"\n")

    def _found(self, dataset: str, key: str) -> str:
        identifier = self._register.identifier(dataset, key)
        if identifier is None:
            raise BadData(f"{self._base}key/{dataset}/{key}", "this key has no identifier")
        return thing_iri(self._base, identifier)
