"""Makes a site of all that `sources.toml` names: python tools/demo/make.py [FOLDER]; without one, in var/demo.

Each source is added, harvested and published as anybody would do it at the command line; what is typed is printed.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SHARED = Path(os.environ.get("SOLLD_SHARED", ROOT.parent / "shared"))
KINDS = "scheme/source-kinds/"
AS_IT_IS = (0, 1)  # solld publish: 1 if something was refused, and the rest is published


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "var" / "demo")
    parser.add_argument("--only", nargs="+", default=[], help="names of sources")
    options = parser.parse_args()
    sources = tomllib.loads((HERE / "sources.toml").read_text(encoding="utf-8"))["source"]
    chosen = [each for each in sources if not options.only or each["name"] in options.only]
    missing = [file for each in chosen for file in each["files"] if not (SHARED / file).exists()]
    if missing:
        print(f"{SHARED / missing[0]} is missing; SOLLD_SHARED says where the shared files are", file=sys.stderr)
        return 1
    _make(options.folder)
    for each in chosen:
        _add(options.folder, each)
    print(f"\nThe site is in {options.folder}; to look at it:\n  solld serve --site {options.folder}")
    return 0


def _make(folder: Path) -> None:
    """The bundled site, in a folder of its own."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ("ontology", "queries", "data", "texts"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name)
    text = (ROOT / "site.toml").read_text(encoding="utf-8")
    (folder / "site.toml").write_text(text.replace("../shared", str(SHARED)), encoding="utf-8")
    shutil.copy(HERE / "departement.rq", folder / "ontology" / "rules")
    (folder / "sources").mkdir()


def _add(folder: Path, source: dict[str, Any]) -> None:
    name, first = source["name"], SHARED / source["files"][0]
    here = folder / "sources" / f"{name}{first.suffix}"
    for number, file in enumerate(source["files"]):
        shutil.copyfile(SHARED / file, here)
        described = ("--title", source["title"], "--license", source["license"])
        language = ("--language", source["language"]) if "language" in source else ()
        known = ("--again",) if number else described
        _solld(folder, "add-source", str(here), "--name", name, *known, *language)
        if not number:
            _classify(folder, name, source["kind"])
        if "lift" in source:
            shutil.copy(HERE / source["lift"], folder / "data" / name / "lift.rq")
        _solld(folder, "harvest", name)
        _solld(folder, "publish", may=AS_IT_IS)


def _classify(folder: Path, name: str, kind: str) -> None:
    """Says in dataset.ttl what kind of source it is."""
    base = tomllib.loads((folder / "site.toml").read_text(encoding="utf-8"))["base"]
    path = folder / "data" / name / "dataset.ttl"
    text = path.read_text(encoding="utf-8")
    stated = f"  dct:type <{base}{KINDS}{kind}> ;\n  dct:source <#source> ;"
    path.write_text(text.replace("  dct:source <#source> ;", stated), encoding="utf-8")


def _solld(folder: Path, *arguments: str, may: tuple[int, ...] = (0,)) -> None:
    print(f"\n$ solld {' '.join(arguments)}", flush=True)
    status = subprocess.run([sys.executable, "-m", "solld", *arguments, "--site", str(folder)], check=False).returncode
    if status not in may:
        raise SystemExit(status)


if __name__ == "__main__":
    sys.exit(main())
