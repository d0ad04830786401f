"""The formats that descriptions are written in: each module of this package offers some in its `FORMATS`."""

from collections.abc import Sequence
from functools import cache

from solld.model import Format
from solld.plugins import collect


@cache
def load() -> tuple[Format, ...]:
    """All formats, those that the server prefers first."""
    found = [each for formats in collect("solld.formats", "FORMATS") for each in formats]
    return tuple(sorted(found, key=lambda f: (-f.quality, f.name)))


def by_extension(extension: str, formats: Sequence[Format]) -> Format | None:
    """The format with that file extension, without a dot."""
    return next((f for f in formats if f.extension == extension), None)
