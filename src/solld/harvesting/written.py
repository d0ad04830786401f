"""Writes what was guessed: `lift.rq`, a query that people can read and change."""

import re
from collections.abc import Iterable, Mapping, Sequence

from solld.harvesting.fragments import RECORD
from solld.harvesting.guess import Use
from solld.rdf import Literal
from solld.sources.lift import SPACE, local

UNKNOWN = "und"  # the language that is not known (BCP 47, RFC 5646 section 2.2.1)


def lift(uses: Sequence[Use], dataset: str, language: str, unused: Iterable[str], date: str) -> str:
    """The text of a lift. `language` is what texts are in that do not say it; UNKNOWN if there is no telling."""
    record, *others = uses
    prefixes = {p: iri for use in uses for p, iri in use.fragment.prefixes.items() if not iri.startswith(SPACE)}
    schemes = _schemes(uses, dataset)
    bodies = [_filled(use, dataset, language, schemes) for use in uses]
    readings = sorted(
        {r for body in bodies for r in re.findall(r"(?<![\w:-])([a-z]+):(?=[\w%])", body)} - prefixes.keys()
    )
    head = [
        f"# How a record of {dataset} becomes triples; guessed by solld add-source on {date}, to be read and changed.",
        "# What readings there are beside text: (country:, url:, ...) is told in docs/sources.md.",
        *(f"# Not used: {line}" for line in _lines(unused)),
    ]
    declared = [f"PREFIX {prefix}: <{iri}>" for prefix, iri in sorted(prefixes.items())]
    declared += [f"PREFIX {reading}: <{SPACE}{reading}:>" for reading in readings]
    statements = dict.fromkeys(each for use in uses for each in _statements(use.fragment.template))
    trunk = bodies[0].strip()
    branches = [
        f"  {{ # {use.fragment.summary}\n    {trunk}\n{_indented(b)}\n  }}"
        for use, b in zip(others, bodies[1:], strict=True)
    ]
    where = "\n  UNION\n".join(branches)
    template = "\n".join(statements)
    comment = f"# {record.fragment.summary}"
    return "\n".join((*head, *declared, "", comment, "CONSTRUCT {", template, "}", "WHERE {", where, "}", ""))


def _statements(template: str) -> list[str]:
    """What of a template ends with a point at the end of a line."""
    text = template.rstrip()
    found = re.findall(r".*?\.(?:\n|$)", text if not text or text.endswith(".") else f"{text} .", re.DOTALL)
    return [each.rstrip("\n") for each in found]


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())


def _lines(names: Iterable[str]) -> list[str]:
    lines: list[str] = []
    for name in names:
        if lines and len(lines[-1]) + len(name) < 90:
            lines[-1] += f", {name}"
        else:
            lines.append(name)
    return lines


def _schemes(uses: Iterable[Use], dataset: str) -> dict[str, str]:
    """column -> the IRI of its own concept scheme, relative to the keys of the dataset; no two have the same."""
    found: dict[str, str] = {}
    for column in (part.column for use in uses for part in use.parts):
        slug = re.sub(r"[^a-z0-9]+", "-", column.words).strip("-") or "categories"
        number, name = 1, f"../../scheme/{dataset}-{slug}"
        while name in found.values():
            number += 1
            name = f"../../scheme/{dataset}-{slug}-{number}"
        found.setdefault(column.name, name)
    return found


def _filled(use: Use, dataset: str, language: str, schemes: Mapping[str, str]) -> str:
    """The WHERE of a fragment with its columns, and what else stands for a dollar sign."""
    text = use.fragment.where
    spoken = language
    for part in use.parts:
        reading = part.reading
        if reading == "spoken" and (part.column.language or language != UNKNOWN):
            reading = "text"  # its name says the language, or all texts of the source are in one
        spoken = part.column.language or spoken
        named = f"{reading}:{_escaped(local(part.column.name))}"
        text = _put(text, rf"(?<![\w-]){part.role.readings[0]}:\${part.role.name}\b", named)
        text = _put(text, rf":\${part.role.name}\b", named[len(reading) :])
    column = use.parts[0].column if use.parts and use.fragment.family != RECORD else None
    values = {
        "language": f'"{spoken}"',
        "dataset": f"<../../dataset/{dataset}>",
        "scheme": f"<{schemes[column.name]}>" if column else "<>",
        "label": str(Literal(column.name if column else "")),
    }
    for name, value in values.items():
        text = _put(text, rf"\${name}\b", value)
    return text


def _put(text: str, pattern: str, value: str) -> str:
    return re.sub(pattern, lambda _: value, text)  # in a function, a backslash is just a backslash


def _escaped(name: str) -> str:
    """A name as it stands after a prefix (SPARQL 1.1, PN_LOCAL)."""
    first = name[:1] if re.match(r"[\w:%]", name) else f"\\{name[:1]}"
    rest = re.sub(r"[~!$&'()*+,;=/?#@]", r"\\\g<0>", name[1:])
    before, point, after = rest.partition(".")
    point = point if after else point.replace(".", "\\.")  # no name ends with a point
    return first + before + point + after.replace(".", "\\.")  # the engine reads one point in a name
