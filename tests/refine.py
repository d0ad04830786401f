"""Starts OpenRefine on a free port, and drives it through its own HTTP interface, as its page does.

https://openrefine.org/docs/technical-reference/openrefine-api
"""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from ports import free_port

START = 60  # seconds that it may take
ROWS = json.dumps({"facets": [], "mode": "row-based"})


@dataclass(frozen=True)
class Refine:
    """A running OpenRefine."""

    address: str  # with a slash at its end
    web: requests.Session = field(default_factory=requests.Session)

    def get(self, command: str, **parameters: str) -> Any:
        answer = self.web.get(f"{self.address}command/core/{command}", params=parameters, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def post(self, command: str, project: str = "", **data: str) -> Any:
        told = {"csrf_token": self.get("get-csrf-token")["token"]} | ({"project": project} if project else {})
        answer = self.web.post(f"{self.address}command/core/{command}", params=told, data=data, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def project(self, table: str) -> str:
        """The number of a new project, of a table as CSV."""
        token = self.get("get-csrf-token")["token"]
        options = json.dumps({"separator": ",", "headerLines": 1})
        created = self.web.post(
            f"{self.address}command/core/create-project-from-upload",
            params={"csrf_token": token},
            files={"project-file": ("names.csv", table.encode(), "text/csv")},
            data={"project-name": "names", "format": "text/line-based/*sv", "options": options},
            timeout=60,
        )
        return created.url.partition("project=")[2].partition("&")[0]

    def reconcile(self, project: str, service: str, type_: str, columns: Sequence[Any] = ()) -> list[Any]:
        """What it found for each row of the column "name": {"j": judgement, "m": match, "c": candidates}."""
        manifest = requests.get(service, timeout=10).json()
        config = {
            "mode": "standard-service",
            "service": service,
            "identifierSpace": manifest["identifierSpace"],
            "schemaSpace": manifest["schemaSpace"],
            "type": {"id": type_, "name": type_},
            "autoMatch": True,
            "columnDetails": list(columns),
            "limit": 0,
        }
        self.post("reconcile", project, columnName="name", config=json.dumps(config), engine=ROWS)
        until = time.monotonic() + START
        while self.get("get-processes", project=project)["processes"]:
            assert time.monotonic() < until, "OpenRefine did not come to an end"
            time.sleep(0.2)
        return [cells[0].get("r") for cells in self.rows(project)]

    def rows(self, project: str) -> list[Any]:
        """The cells of each row."""
        told = self.post("get-rows", project, start="0", limit="100", engine=ROWS)
        pool = told.get("pool", {}).get("recons", {})
        rows = [row["cells"] for row in told["rows"]]
        for cell in (cell for row in rows for cell in row if cell):
            if "r" in cell and not isinstance(cell["r"], dict):
                cell["r"] = pool[str(cell["r"])]
        return rows

    def extend(self, project: str, rows: int, *properties: str) -> Any:
        """What an extension of the column "name" would bring."""
        extension = json.dumps({"properties": [{"id": each, "name": each} for each in properties]})
        indices = json.dumps(list(range(rows)))
        return self.post("preview-extend-data", project, columnName="name", rowIndices=indices, extension=extension)


@contextmanager
def running(folder: Path) -> Iterator[Refine]:
    """OpenRefine with its workspace in a folder, until the block ends."""
    port = free_port()
    program = shutil.which("openrefine") or "openrefine"
    command = [program, "-i", "127.0.0.1", "-p", str(port), "-d", str(folder), "-x", "refine.headless=true"]
    environment = {**os.environ, "HOME": str(folder)}
    process = subprocess.Popen(
        command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    )
    refine = Refine(f"http://127.0.0.1:{port}/")
    try:
        _wait(refine)
        yield refine
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait(refine: Refine) -> None:
    until = time.monotonic() + START
    while time.monotonic() < until:
        try:
            refine.get("get-version")
        except (requests.RequestException, ValueError):
            time.sleep(0.3)
        else:
            return
    raise TimeoutError("OpenRefine did not start")
