"""The command that writes files made from a site or from a release."""

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

from solld import plan, release
from solld.commands import Command, Say, settings_of
from solld.errors import BadSite
from solld.exports import exports, made, w3id
from solld.model import Settings


def add(commands: Any, command: Command) -> None:
    exporting = command(commands, "export", "write a file made from the site or from a release", export)
    exporting.add_argument(
        "what",
        metavar="FILE",
        help="context: ontology/context.jsonld, from the ontology; a dump like merged.nq.gz; a list like standard.csv; "
        "or w3id: rules for w3id.org",
    )
    exporting.add_argument("--release", type=int, help="of what the file is; the current one if not given")
    exporting.add_argument("--to", type=Path, help="where to write it; var/files if not given, w3id/ for w3id")
    exporting.add_argument("--home", default="", metavar="URL", help="for w3id: where the service is")
    exporting.add_argument("--contact", default="", help="for w3id: whom to ask")


def export(options: argparse.Namespace, say: Say) -> int:
    settings = settings_of(options)
    if options.what == "context":
        path = settings.folder / "ontology" / "context.jsonld"
        path.write_text(plan.context_document(settings, plan.read_vocabulary(settings)), encoding="utf-8")
    elif options.what == "w3id":
        path, _ = w3id.write(settings, options.to or Path("w3id"), options.home, options.contact)
    else:
        path = _exported(settings, options)
    print(json.dumps({"file": str(path)}) if options.json else path)
    return 0


def _exported(settings: Settings, options: argparse.Namespace) -> Path:
    served = release.current(settings)
    if served is None:
        raise BadSite(settings.var, release.NO_RELEASE)
    file = options.what
    if "/" not in file:
        file = f"{'export' if any(each.file == file for each in exports()) else 'dump'}/{file}"
    path = made.make(settings, options.release or served.number, file)
    if options.to is None:
        return path
    target: Path = options.to
    shutil.copyfile(path, target)
    return target
