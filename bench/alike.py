"""Whether two servers answer alike: rows are counted and hashed, whatever their order and the spelling of terms.

What counts as the same spelling, because engines are known to rewrite it: the case of language tags; numbers of equal
value, whatever their type; a zero time zone, and zeros at the end of seconds; WKT points to four decimals, which is all
that was loaded (Virtuoso keeps points as floats, of a type of its own); `typed-literal` in JSON.
"""

import hashlib
import http.client
import json
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import pyoxigraph

XSD = "http://www.w3.org/2001/XMLSchema#"
EXACT = {"integer", "decimal", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "unsignedInt"}
ROUGH = {"double", "float"}
WKT = re.compile(r"[#/](?:wktLiteral|Geometry)$")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


@dataclass(frozen=True)
class Answer:
    """What a server answered: its rows and their hash, or what went wrong."""

    rows: int
    hash: str
    wrong: str = ""
    late: bool = False  # the server may still be at it
    seconds: float = 0.0  # until the last byte

    def against(self, other: "Answer") -> str:
        """How it differs from another, in few words; empty where it does not."""
        if self.wrong or other.wrong:
            return self.wrong or "no other"
        if self.rows != other.rows:
            return f"{self.rows:,} rows, not {other.rows:,}"
        return "" if self.hash == other.hash else "other terms"


def ask(port: int, path: str, accept: str, ordered: bool, patience: float) -> Answer:
    """Asks a server on this machine once; a broken or late answer is told, not raised."""
    started = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
    try:
        connection.request("GET", path, headers={"Accept": accept})
        response = connection.getresponse()
        body = response.read()
        seconds = time.perf_counter() - started
    except TimeoutError:
        return Answer(0, "", f"nothing in {patience:g} s", late=True)
    except (http.client.HTTPException, OSError) as error:
        return Answer(0, "", f"broken: {type(error).__name__}")
    finally:
        connection.close()
    if response.status != 200:
        return Answer(0, "", f"{response.status} {_first_line(body)}")
    try:
        return replace(read(body, accept, ordered), seconds=seconds)
    except (ValueError, KeyError, SyntaxError) as error:
        return Answer(0, "", f"not {accept}: {error}")


def read(body: bytes, accept: str, ordered: bool) -> Answer:
    """The rows of JSON results, or the triples of N-Triples: each once, as a graph is a set."""
    if "n-triples" in accept:
        triples = {_triple(quad) for quad in pyoxigraph.parse(body, format=pyoxigraph.RdfFormat.N_TRIPLES)}
        return Answer(len(triples), _hash(sorted(triples)))
    found = json.loads(body)
    rows = [_row(binding) for binding in found["results"]["bindings"]]
    return Answer(len(rows), _hash(rows if ordered else sorted(rows)))


def _first_line(body: bytes) -> str:
    return " ".join(body.decode("utf-8", "replace").split())[:80]


def _hash(rows: Iterable[str]) -> str:
    found = hashlib.blake2b(digest_size=16)
    for row in rows:
        found.update(row.encode() + b"\n")
    return found.hexdigest()


def _row(binding: dict[str, dict[str, Any]]) -> str:
    return "\t".join(f"{name}={json_term(term)}" for name, term in sorted(binding.items()))


def json_term(term: dict[str, Any]) -> str:
    if term["type"] in ("uri", "bnode"):
        return f"<{term['value']}>"
    return _literal(term["value"], term.get("xml:lang", ""), term.get("datatype", ""))


def _triple(quad: pyoxigraph.Quad) -> str:
    return f"{quad.subject}\t{quad.predicate}\t{_term(quad.object)}"


def _term(term: object) -> str:
    if isinstance(term, pyoxigraph.Literal):
        return _literal(term.value, term.language or "", term.datatype.value)
    return str(term)


def _literal(value: str, language: str, datatype: str) -> str:
    local = datatype.removeprefix(XSD)
    if language:
        return f"{json.dumps(value)}@{language.lower()}"
    if local in EXACT:
        return f"{float(value):.12g}"
    if local in ROUGH:
        return f"{float(value):.6g}"
    if local == "boolean":
        return "true" if value in ("1", "true") else "false"
    if local == "dateTime":
        return re.sub(r"(\.\d*?)0*(?=Z|$)", lambda m: m[1].rstrip("."), re.sub(r"[+-]00:00$", "Z", value))
    if WKT.search(datatype):
        return NUMBER.sub(lambda match: f"{float(match[0]):.4f}", value.upper())
    return json.dumps(value) if local in ("", "string") else f"{json.dumps(value)}^^{datatype}"
