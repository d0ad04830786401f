"""Fragments of lifts: what becomes of a column that plays a role; a site has its own in `queries/imports/`.

    # The street of an address.
    # $street (text): street address, street, rue, calle
    #   strasse
    PREFIX schema: <https://schema.org/>
    PREFIX text: <urn:x-solld:text:>
    CONSTRUCT { ?address schema:streetAddress ?street }
    WHERE { ?row text:$street ?street BIND(IRI(CONCAT(STR(?thing), "#address")) AS ?address) }

A role has the readings that its column may have, and what such columns are called, in any script and with accents or
without: at the end of a longer name too but for those after a `=`, and at its beginning for those before a `…`;
`&name` is all that the columns of the role `$name` of the fragment `name` are called.
`$role*` may be played by several columns, `$role~` by one for each language. Fragments whose names begin with the same
word stand for one another, like `street` and `street-number`; one of those called `record` begins every lift and binds
?thing. Beside roles, `$language`, `$dataset`, `$scheme` and `$label` (of the column) are filled in.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

from solld.errors import BadSite
from solld.harvesting.columns import normalised
from solld.sources.readings import READINGS

FOLDER = "queries/imports"
RECORD = "record"
ROLE = re.compile(r"# \$(\w+)([*~]*) \(([a-z|]+)\): (.+)")
PREFIX = re.compile(r"PREFIX\s+([\w-]+):\s*<([^>]*)>\s*")
FORM = re.compile(r"CONSTRUCT\s*\{(.*?)\}\s*WHERE\s*\{(.*)\}\s*", re.DOTALL)


@dataclass(frozen=True)
class Role:
    """What a column may be; `aliases` are words that such columns are called by, the most telling first."""

    name: str
    several: bool
    spoken: bool  # a column for each language
    readings: tuple[str, ...]
    aliases: tuple[str, ...]  # as columns.normalised has them


@dataclass(frozen=True)
class Fragment:
    name: str
    summary: str
    roles: tuple[Role, ...]
    prefixes: Mapping[str, str]
    template: str  # of CONSTRUCT, without its braces
    where: str

    @property
    def family(self) -> str:
        return self.name.partition("-")[0]


def load(site: Path) -> tuple[Fragment, ...]:
    """The fragments by name: those of a site, and of standard vocabularies those that it has none of itself.

    BadSite, with file and line, for one that is wrong.
    """
    with resources.as_file(resources.files("solld") / "imports") as standard:
        found = {path.stem: path for folder in (standard, site / FOLDER) for path in folder.glob("*.rq")}
        loaded = {name: read(found[name]) for name in sorted(found)}
    return tuple(_completed(each, found[each.name], loaded) for each in loaded.values())


def _completed(fragment: Fragment, path: Path, loaded: Mapping[str, Fragment]) -> Fragment:
    """The fragment with the words of others in the place of those that stand for them."""
    roles = []
    for role in fragment.roles:
        aliases: list[str] = []
        for alias in role.aliases:
            name = alias.removeprefix("&")
            if name == alias:
                aliases.append(alias)
                continue
            others = [each for each in loaded[name].roles if each.name == name] if name in loaded else []
            if not others:
                raise BadSite(path, f"{alias} stands for a role ${name} of a fragment {name}, and there is none")
            aliases += others[0].aliases
        roles.append(replace(role, aliases=tuple(dict.fromkeys(aliases))))
    return replace(fragment, roles=tuple(roles))


def read(path: Path) -> Fragment:
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or not lines[0].startswith("# "):
        raise BadSite(path, "the first line must be a comment that says what the fragment makes", 1)
    head: list[tuple[int, str]] = []
    body = 1
    for body, line in enumerate(lines[1:], 1):
        if line.startswith("#   ") and head:
            head[-1] = (head[-1][0], f"{head[-1][1]} {line[4:]}")
        elif line.startswith("# $"):
            head.append((body + 1, line))
        elif not line.startswith("#"):
            break
    text = "\n".join(lines[body:]) + "\n"
    prefixes = dict(PREFIX.findall(text))
    form = FORM.fullmatch(PREFIX.sub("", text))
    if form is None:
        raise BadSite(path, "after its prefixes, a fragment is CONSTRUCT { ... } WHERE { ... }", body + 1)
    roles = tuple(_role(path, number, line) for number, line in head)
    for (number, _), role in zip(head, roles, strict=True):
        if f"${role.name}" not in form[2]:
            raise BadSite(path, f"${role.name} does not stand in the WHERE of the fragment", number)
    return Fragment(path.stem, lines[0][2:].strip(), roles, prefixes, form[1].strip("\n"), form[2].strip("\n"))


def _role(path: Path, number: int, line: str) -> Role:
    match = ROLE.fullmatch(line)
    if match is None:
        raise BadSite(path, "a role is written `# $name (reading): what such columns are called, ...`", number)
    name, marks, readings, aliases = match.groups()
    for reading in readings.split("|"):
        if reading not in READINGS:
            raise BadSite(path, f"there is no reading {reading!r}; there are {', '.join(READINGS)}", number)
    words = tuple(map(_alias, filter(None, (each.strip() for each in aliases.split(",")))))
    return Role(name, "*" in marks, "~" in marks, tuple(readings.split("|")), words)


def _alias(word: str) -> str:
    """What a column is called, as the names of columns are compared, with its marks."""
    first = word[0] if word[0] in "=&" else ""
    last = "…" if word.endswith("…") else ""
    return first + normalised(word.removeprefix(first).removesuffix(last)) + last
