"""Releases on the disk: made beside the one that is served, then made current by one rename.

var/history.sqlite       which releases exist, and every version of every resource
var/releases/<number>/   store/  names/  manifest.json     never written again once it is there
                         remote.json                       where it lies on a server, if the site has one
var/current              a symbolic link to the release that is served
var/lineage              a random name, for what is put on servers
var/lock                 held by the build that is running

A release exists when the history says so: its folder is complete before the history commits it, and a folder that the
history does not know is what a killed build left behind.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from solld.errors import BadSite, Busy, StoreFailed
from solld.model import Release, Settings

NO_RELEASE = "there is no release yet; solld build makes one"


@contextmanager
def locked(settings: Settings) -> Iterator[None]:
    """Holds the site for one build; Busy when another has it. The system frees it however the build ends."""
    settings.var.mkdir(parents=True, exist_ok=True)
    path = settings.var / "lock"
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            raise Busy(path, file.read().strip() or "unknown process") from None
        file.truncate(0)
        file.write(f"process {os.getpid()}")
        file.flush()
        try:
            yield
        finally:
            # Closing is not enough: a program that another thread starts has a copy of the file until it runs.
            fcntl.flock(file, fcntl.LOCK_UN)


def folder_of(settings: Settings, number: int) -> Path:
    return settings.var / "releases" / str(number)


def load(folder: Path) -> Release:
    """A release by its folder; StoreFailed if it is not one."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreFailed(folder, f"this is not a release: {error}") from error
    return Release(manifest["release"], folder, datetime.fromisoformat(manifest["built"]), manifest)


def prefixes(opened: Release) -> dict[str, str]:
    """The prefixes of a release: those that its files declare, and those that every service knows."""
    return completed(opened.manifest.get("prefixes", {}))


def completed(declared: Mapping[str, str]) -> dict[str, str]:
    """Declared prefixes with those that every service knows."""
    known = {
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "dct": "http://purl.org/dc/terms/",
        "dcat": "http://www.w3.org/ns/dcat#",
        "void": "http://rdfs.org/ns/void#",
        "prov": "http://www.w3.org/ns/prov#",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "sd": "http://www.w3.org/ns/sparql-service-description#",
    }
    stated = {prefix: ns for prefix, ns in declared.items() if prefix}
    taken = set(stated.values())
    return stated | {p: ns for p, ns in known.items() if p not in stated and ns not in taken}


def tag(opened: Release) -> str:
    """Characters that tell a release from every other, also from one of the same number on another machine."""
    manifest = json.dumps(opened.manifest, sort_keys=True).encode()
    return hashlib.blake2b(manifest, digest_size=6).hexdigest()


def current(settings: Settings) -> Release | None:
    """The release that is served."""
    link = settings.var / "current"
    return load(link.resolve()) if link.is_symlink() else None


def numbers(settings: Settings) -> list[int]:
    """The releases whose folders are on the disk, oldest first."""
    folder = settings.var / "releases"
    found = (p.name for p in folder.iterdir()) if folder.is_dir() else iter(())
    return sorted(int(name) for name in found if name.isdigit())


def publish(settings: Settings, number: int) -> Release:
    """Makes a release the current one, by one rename."""
    release = load(folder_of(settings, number))
    fresh = settings.var / "current.new"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(Path("releases") / str(number))
    fresh.replace(settings.var / "current")
    forget(settings, int(release.manifest.get("erased_before", 0)))
    return release


def forget(settings: Settings, before: int) -> None:
    """Removes releases that have what was erased since, and all files that were made of any."""
    gone = [n for n in numbers(settings) if n < before]
    for number in gone:
        shutil.rmtree(folder_of(settings, number))
    if gone:
        shutil.rmtree(settings.var / "files", ignore_errors=True)


def earlier(settings: Settings, number: int | None = None) -> int:
    """The number of an earlier release that is on the disk: the one before, or the one of that number."""
    served = current(settings)
    if served is None:
        raise BadSite(settings.var, NO_RELEASE)
    earlier = [n for n in numbers(settings) if n < served.number]
    if number is None and not earlier:
        raise BadSite(settings.var, f"there is no release before {served.number} on the disk")
    wanted = number if number is not None else earlier[-1]
    if wanted not in numbers(settings):
        raise BadSite(settings.var, f"release {wanted} is not on the disk; there are {numbers(settings)}")
    return wanted


def clear_orphans(settings: Settings, known: Iterable[int]) -> None:
    """Removes what killed builds left: release folders that the history does not know."""
    folder = settings.var / "releases"
    names = {str(n) for n in known}
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in names:
            shutil.rmtree(path)


def prune(settings: Settings, newest: int) -> list[int]:
    """Removes the folders of old releases: the last few, the newest and the current one stay."""
    served = current(settings)
    keep = {newest, *numbers(settings)[-settings.releases_kept - 1 :], *([served.number] if served else [])}
    gone = [n for n in numbers(settings) if n not in keep]
    for number in gone:
        shutil.rmtree(folder_of(settings, number))
    return gone


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """The last file of a release; it reaches the disk before the history names the release."""
    path = folder / "manifest.json"
    with path.open("w", encoding="utf-8") as file:
        json.dump(manifest, file, indent=2, sort_keys=True, ensure_ascii=False)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    for directory in (folder, folder.parent):
        handle = os.open(directory, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
