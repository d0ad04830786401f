"""The tests that fail, with the reason of each: known.csv. A new failure is a failure; a line whose test passes too."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("known.csv")


@dataclass(frozen=True)
class Known:
    """A test that is known to fail."""

    test: str  # IRI
    reason: str
    issue: str  # URL at the engine's, or "none known"


def load() -> Mapping[str, Known]:
    """The known failures by the IRI of the test."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {row["test"]: Known(**row) for row in csv.DictReader(file)}
