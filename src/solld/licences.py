"""Licences of data: which one a source speaks of, and what it lets a service do with the data.

A site's own settings count before what is said here.

open        may enter the merged view and the dumps
separate    share-alike or non-commercial: served in the source's own graph, and nowhere else
unknown     nothing is known: only names and links are published
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from solld.model import Settings

OPEN, SEPARATE, UNKNOWN = "open", "separate", "unknown"


@dataclass(frozen=True)
class Licence:
    iri: str
    name: str
    kind: str
    signs: str  # a regular expression for what people write, in lower case


CC = "https://creativecommons.org/"
LICENCES = (
    Licence(f"{CC}publicdomain/zero/1.0/", "CC0 1.0", OPEN, r"\bcc-?0\b|cc zero|publicdomain/zero"),
    Licence(f"{CC}publicdomain/mark/1.0/", "Public Domain", OPEN, r"public ?domain|domaine public|publicdomain/mark"),
    Licence(
        "https://opendatacommons.org/licenses/pddl/1-0/",
        "PDDL 1.0",
        OPEN,
        r"\bpddl\b|public domain dedication and licen[cs]e",
    ),
    Licence(
        "https://opendatacommons.org/licenses/odbl/1-0/",
        "ODbL 1.0",
        SEPARATE,
        r"\bodbl\b|open database licen[cs]e|licenses/odbl",
    ),
    Licence(
        "https://opendatacommons.org/licenses/by/1-0/",
        "ODC-By 1.0",
        OPEN,
        r"\bodc-?by\b|open data commons attribution|opendatacommons\.org/licenses/by",
    ),
    Licence(
        "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
        "Licence Ouverte 2.0",
        OPEN,
        r"licence ouverte|open licence|etalab|\blov2\b|fr-lo",
    ),
    Licence(
        "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        "Open Government Licence 3.0",
        OPEN,
        r"\bogl\b|open[ -]government[ -]licen[cs]e",
    ),
    Licence(f"{CC}licenses/by-nc-nd/4.0/", "CC BY-NC-ND", SEPARATE, r"by-nc-nd"),
    Licence(f"{CC}licenses/by-nc-sa/4.0/", "CC BY-NC-SA", SEPARATE, r"by-nc-sa"),
    Licence(f"{CC}licenses/by-nc/4.0/", "CC BY-NC", SEPARATE, r"by-nc\b|non-?commercial"),
    Licence(f"{CC}licenses/by-nd/4.0/", "CC BY-ND", SEPARATE, r"by-nd\b"),
    Licence(f"{CC}licenses/by-sa/4.0/", "CC BY-SA", SEPARATE, r"by-?sa\b|share-?alike"),
    Licence(f"{CC}licenses/by/4.0/", "CC BY", OPEN, r"cc-?by\b|licenses/by/|creative commons attribution"),
)


def recognised(text: str) -> Licence | None:
    """The licence that a text or an IRI names."""
    plain = " ".join(text.lower().replace("_", "-").split()).replace("cc by", "cc-by").replace("by sa", "by-sa")
    plain = plain.replace("by nc", "by-nc").replace("nc sa", "nc-sa").replace("nc nd", "nc-nd")
    for licence in sorted(LICENCES, key=lambda each: each.kind == OPEN):  # what is stricter first: by-sa has "by" in it
        if re.search(licence.signs, plain):
            return licence
    return None


def name_of(iri: str) -> str:
    """What a licence is called, if it is a known one."""
    known = recognised(iri)
    return known.name if known else iri


def strictest(settings: Settings, stated: Iterable[str], harvested: bool) -> str:
    """What licences of a dataset let a site do together. What stands in a site's own files may be published."""
    kinds = {kind_of(settings, each) for each in stated} or {UNKNOWN}
    if not harvested:
        return SEPARATE if SEPARATE in kinds else OPEN
    return next(each for each in (UNKNOWN, SEPARATE, OPEN) if each in kinds)


def kind_of(settings: Settings, iri: str) -> str:
    """What a licence, by its IRI, lets a site do; what the site is published under itself may enter its merged view."""
    if iri in settings.harvest_separate:
        return SEPARATE
    if iri and iri in (settings.license, *settings.harvest_open):
        return OPEN
    licence = recognised(iri)
    return licence.kind if licence else UNKNOWN
