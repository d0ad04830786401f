"""Columns as a person would look at them: what they are called, how full they are, and what is in them."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from solld.sources import Row
from solld.sources.readings import LANGUAGES

PREFIXES = frozenset(  # of names that say nothing about what is in a column
    "addr adms bf contact cv dc dcat dct dcterms essglobal foaf geo geosparql gr locn og org ov owl pair place rdf "
    "rdfs rov schema skos vcard vf void wgs84".split()
)
CONTAINERS = frozenset(  # objects within a record that are about the record itself
    "acf,address,addresses,adresse,adresses,anschrift,attributes,center,contact,contact point,coordinates,coords,data,"
    "direccion,fields,geo,geo point,geo point 2d,geolocalisation,geolocation,geometry,geopoint,gps,has address,"
    "has primary site,has registered site,has site,indirizzo,latlng,localisation,located in,location,main,place,point,"
    "position,postal address,properties,registered address,registration,site,site address,spatial,tags".split(",")
)
COUNTRIES = {
    "gr": "el",
    "cz": "cs",
    "dk": "da",
    "se": "sv",
    "si": "sl",
    "ee": "et",
    "ua": "uk",
    "al": "sq",
}  # for their languages
NEXT = re.compile(rf"\.(?=https?://|(?:{'|'.join(sorted(PREFIXES))}):)")  # in a path that has IRIs in it
WITHIN = re.compile(r"(?<=\w\w)\.(?=[\w@])")  # an object within, and no abbreviation like `Geogr. Breite` or `T.K.`
REMARK = re.compile(r"\s*[(\[][^()\[\]]{3,}[)\]]\s*$")  # `Latitude (WGS 84)`
KEPT = 500  # values of a column that are looked at, about


@dataclass(frozen=True)
class Column:
    name: str
    words: str  # its name as lower-case words without accents
    last: str  # the same of its last part
    bare: str  # the same without a remark in brackets
    base: str  # the words without the language at their end
    language: str  # that its name says, or ""
    within: bool  # whether it is of an object that is about something else, like a founder
    rows: int  # how many were looked at
    filled: int  # how many of them have it
    values: tuple[str, ...]  # some of its values, each once, in their order
    distinct: int

    @property
    def share(self) -> float:
        """0 to 1: how many rows have it."""
        return self.filled / self.rows if self.rows else 0.0


def profiled(rows: Iterable[Row], about: frozenset[str] = frozenset()) -> tuple[Column, ...]:
    """The columns of rows, in the order in which they come. `about` are words of objects that are about the record."""
    seen: dict[str, dict[str, None]] = {}
    filled: dict[str, int] = {}
    number = 0
    for number, row in enumerate(rows, 1):  # noqa: B007
        for name, values in row.cells.items():
            filled[name] = filled.get(name, 0) + 1
            seen.setdefault(name, {}).update((v if isinstance(v, str) else v.value, None) for v in values)
    known = CONTAINERS | about
    return tuple(_column(name, tuple(values), filled[name], number, known) for name, values in seen.items())


def wrapping(rows: Sequence[Row]) -> frozenset[str]:
    """Words of the one object that each of the rows has, in which everything else may be."""
    parents = [{_parts(name)[0] for name in row.cells if len(_parts(name)) > 1} for row in rows]
    return frozenset(map(normalised, set.intersection(*parents))) if parents else frozenset()


def _column(name: str, values: tuple[str, ...], filled: int, rows: int, known: frozenset[str]) -> Column:
    parts = _parts(name)
    *parents, last = map(normalised, parts)
    bare = normalised(REMARK.sub("", parts[-1]))
    words = " ".join(filter(None, (*parents, last)))
    base, language = _spoken(last)
    within = any(parent and parent not in known for parent in parents)
    step = max(1, len(values) // KEPT)  # from all over the source, for it may begin with what is alike
    return Column(name, words, last, bare, base, language, within, rows, filled, values[::step][:KEPT], len(values))


def _parts(name: str) -> list[str]:
    if "://" in name:  # an IRI, or a path of them
        return [re.sub(r"^.*[/#]", "", part) for part in NEXT.split(name)]
    return WITHIN.split(name)


def normalised(name: str) -> str:
    """Lower-case words without accents, without a prefix that says nothing."""
    prefix, colon, local = name.partition(":")
    text = local if colon and prefix.lower() in PREFIXES else name
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    text = "".join(c for c in unicodedata.normalize("NFKD", text.replace("ß", "ss")) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())


def _spoken(words: str) -> tuple[str, str]:
    base, _, tag = words.rpartition(" ")
    tag = COUNTRIES.get(tag, tag)
    return (base, tag) if base and tag in LANGUAGES else (words, "")
