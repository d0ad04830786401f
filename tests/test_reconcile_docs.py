"""Each line and program of docs/reconciliation.md does what it says."""

import json
import re
import subprocess
import sys

import pytest

from conftest import ROOT
from solld.reconcile.asking import BATCH, COLUMNS, LIMIT, MOST, QUALIFIERS, QUANTIFIERS, ROWS
from solld.reconcile.matching import FARTHER, MARGIN
from solld.reconcile.weighing import SAFE
from test_reconcile_clients import Live, live

__all__ = ["live"]
TEXT = (ROOT / "docs" / "reconciliation.md").read_text(encoding="utf-8")
HERE = "http://127.0.0.1:8000"
LINES = re.findall(r"^ {4}(curl .*)$", TEXT, re.MULTILINE)


def run(line: str, live: Live) -> object:
    filled = line.replace(HERE, live.address).replace('"ID"', f'"{live.ids["jardins"]}"')
    done = subprocess.run(["bash", "-c", filled], capture_output=True, text=True, check=True, timeout=30)
    return json.loads(done.stdout)


def test_its_lines_answer(live: Live) -> None:
    classic, draft, extended = (json.dumps(run(line, live)) for line in LINES)
    assert live.ids["huerta"] in classic
    assert json.loads(draft)["results"][0]["candidates"][0]["id"] == live.ids["emmaus-pau"]
    assert "FR-INSEE-552081317" in extended


def test_its_program_runs(live: Live) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    command = [sys.executable, "-c", program.replace(HERE, live.address)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert live.ids["huerta"] in done.stdout
    assert live.ids["emmaus-pau"] in done.stdout


@pytest.mark.parametrize("name", [*QUALIFIERS, *QUANTIFIERS])
def test_every_way_of_comparing_is_told(name: str) -> None:
    assert f"`{name}`" in TEXT


def test_its_numbers_are_those_of_the_service() -> None:
    assert f"| names in a batch | {BATCH} |" in TEXT
    assert f"| {ROWS}, {COLUMNS} |" in TEXT
    assert f"| {MOST}, {LIMIT} if not said |" in TEXT
    assert (SAFE, MARGIN, FARTHER) == (0.95, 0.1, 0.4)  # told in words
