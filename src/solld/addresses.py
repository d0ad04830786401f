"""Addresses and identifiers: IRIs to paths and back, and the check character of an identifier.

Check character: the NOID check digit algorithm, the sum of position x value modulo 29.
https://metacpan.org/dist/Noid/view/noid#NOID-CHECK-DIGIT-ALGORITHM
"""

import re
import secrets
from urllib.parse import quote

ALPHABET = "0123456789bcdfghjkmnpqrstvwxz"  # no vowels, so no words; 29 is prime, so every single error is caught
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
KEPT = "/:;=@,+!$&'()*~"  # what is left as it is in a path; a question mark is not
HERE = "-"  # what the base itself is called, among the versions
LENGTH = 8  # characters before the check character: 5 x 10^11 identifiers
IDENTIFIER = re.compile(f"[{ALPHABET}]{{{LENGTH + 1}}}")


def check_character(body: str) -> str:
    """The character that completes an identifier; ValueError for a character outside of the alphabet."""
    return ALPHABET[sum(position * ALPHABET.index(c) for position, c in enumerate(body, 1)) % len(ALPHABET)]


def is_identifier(text: str) -> bool:
    """Whether it has the form of an identifier and the right check character."""
    return bool(IDENTIFIER.fullmatch(text)) and check_character(text[:-1]) == text[-1]


def mint() -> str:
    """A new random identifier; the ledger sees to it that it is new."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return body + check_character(body)


def normalise(text: str) -> str:
    """Lower case, without hyphens: the form that an identifier is kept in."""
    return text.replace("-", "").lower()


def key_iri(base: str, dataset: str) -> str:
    """The IRI that source keys of a dataset are relative to; it never leaves the build."""
    return f"{base}key/{dataset}/"


def thing_iri(base: str, identifier: str) -> str:
    return f"{base}id/{identifier}"


def graph_iri(base: str, name: str) -> str:
    """The named graph of the ontology, catalog, findings or links."""
    return f"{base}graph/{name}"


def document_path(path: str) -> str:
    """The path of the document about what is published at a path; both without a leading slash.

    A thing has a document of its own (`id/x` -> `doc/x`), a concept too (`scheme/v/k` -> `doc/scheme/v/k`);
    a dataset, the vocabulary and the catalogue are documents themselves.
    """
    if path.startswith("id/"):
        return "doc/" + path.removeprefix("id/")
    if path.startswith(("scheme/", ".well-known/genid/")):
        return "doc/" + path
    return path


def thing_path(path: str) -> str:
    """The path of what the document at a path is about: the inverse of `document_path`."""
    if path.startswith(("doc/scheme/", "doc/.well-known/genid/")):
        return path.removeprefix("doc/")
    if path.startswith("doc/"):
        return "id/" + path.removeprefix("doc/")
    return path


def iri_of(base: str, path: str) -> str:
    """The IRI of what is published at a path. What has a name of others, and is spoken of here, has that for a path."""
    return path if is_of_others(path) else base + path


def is_of_others(path: str) -> bool:
    """Whether a path is an IRI of others, of which only versions are published."""
    return bool(SCHEME.match(path))


def is_document(path: str) -> bool:
    """Whether there is a document about what is at a path, with a past of its own; of the base itself there is none."""
    return bool(path) and not is_of_others(path)


def version_path(thing: str, seq: int) -> str:
    """The path of a version of what is published at a path."""
    name = quote(thing, KEPT) if is_of_others(thing) else thing.removeprefix("id/")
    return f"version/{name or HERE}/{seq}"


def versioned(name: str) -> str:
    """The path of the thing whose versions are under `version/<name>/`: the inverse of `version_path`."""
    if name == HERE:
        return ""
    return f"id/{name}" if IDENTIFIER.fullmatch(name) else name
