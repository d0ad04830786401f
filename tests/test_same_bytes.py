"""What the endpoint answers is what the engine's own server answers, byte by byte."""

import subprocess
import sys

from conftest import ROOT


def test_random_queries_are_answered_with_the_bytes_of_oxigraph_serve() -> None:
    command = (sys.executable, str(ROOT / "bench" / "run.py"), "compare", "--random", "200")
    said = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "200 random queries" in said.stdout
