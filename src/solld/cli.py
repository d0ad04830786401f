"""The command line. Exit 0 done, 1 the data have violations, 2 wrong use, 3 the outside world failed."""

import argparse
import json
import logging
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import solld
from solld import build, deciding, newsite, plan, push, release, replay, restored, returning, sourcing, verify
from solld.errors import BadSite, SolldError
from solld.exports import exports, made, w3id
from solld.model import Settings
from solld.progress import Progress, quiet
from solld.telling import settings_of, told
from solld.web import server


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns the exit status."""
    parser = parser_of()
    options = parser.parse_args(arguments)
    say = quiet if options.json else Progress()
    try:
        run: Callable[[argparse.Namespace, Callable[[str], None]], int] = options.run
        return run(options, say)
    except SolldError as error:
        print(f"solld: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever reads it has seen enough; Python would complain again when it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def parser_of() -> argparse.ArgumentParser:
    """The whole command line; the README's table is made from it."""
    parser = argparse.ArgumentParser(prog="solld", description="Publishes linked data from a site folder.")
    parser.add_argument("--version", action="version", version=f"solld {solld.__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _command(commands, "check", "check the site: no network, no release", check)
    _command(commands, "build", "make a release of what the site holds now", build_)
    _command(commands, "publish", "build, and make the newest release the one that is served", publish)
    serving = _command(commands, "serve", "serve the current release", serve)
    serving.add_argument("--host", default="127.0.0.1", help="address to listen on")
    serving.add_argument("--port", type=int, default=8000, help="port to listen on")
    serving.add_argument("--workers", type=int, default=2, help="web processes")
    serving.add_argument("--release", type=int, help="serve this one, of now or long ago, instead of the current one")
    _command(commands, "releases", "list the releases on the disk", releases)
    back = _command(commands, "rollback", "make an earlier release current", rollback)
    back.add_argument("number", nargs="?", type=int, help="of the release; the one before if not given")
    verifying = _command(commands, "verify", "hold a release against its manifest and the history", verify_)
    verifying.add_argument("number", nargs="?", type=int, help="of the release; the current one if not given")
    verifying.add_argument(
        "--ids",
        metavar="URL",
        nargs="?",
        const="http://127.0.0.1:8000",
        help="ask the service at this address, or http://127.0.0.1:8000, for every identifier ever issued",
    )
    deciding.add(commands, _command)
    sourcing.add(commands, _command)
    returning.add(commands, _command)
    _exporting(commands)
    new = commands.add_parser("new-site", help="make a minimal site of one's own")
    new.add_argument("folder", type=Path, metavar="DIR")
    new.add_argument("--json", action="store_true", help=argparse.SUPPRESS)
    new.set_defaults(run=new_site)
    return parser


def _exporting(commands: Any) -> None:
    exporting = _command(commands, "export", "write a file made from the site or from a release", export)
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


def _command(commands: Any, name: str, text: str, run: Callable[..., int]) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    parser.add_argument(
        "--site", type=Path, default=None, help="the site folder; SOLLD_SITE, or this folder, if not given"
    )
    parser.add_argument("--json", action="store_true", help="answer in JSON, for machines")
    parser.set_defaults(run=run)
    return parser


def check(options: argparse.Namespace, say: plan.Say) -> int:
    settings = settings_of(options)
    outcome = build.check(settings, say)
    return told(options, outcome, {})


def build_(options: argparse.Namespace, say: plan.Say) -> int:
    outcome = build.build(settings_of(options), say)
    return told(
        options,
        outcome,
        {
            "release": outcome.release.number if outcome.release else None,
            "fresh": outcome.fresh,
            "changes": dict(outcome.kinds),
        },
    )


def publish(options: argparse.Namespace, say: plan.Say) -> int:
    settings = settings_of(options)
    outcome = build.build(settings, say)
    if outcome.release is None:
        raise BadSite(settings.var, release.NO_RELEASE)
    _, placement = push.publish(settings, outcome.release.number, say)
    facts = {"published": outcome.release.number, "fresh": outcome.fresh, "changes": dict(outcome.kinds)}
    if placement:
        facts["server"] = placement.query
        for note in placement.notes:
            print(f"solld: the server gives {note['sent']} back as {note['held']}", file=sys.stderr)
    return told(options, outcome, facts)


def serve(options: argparse.Namespace, say: plan.Say) -> int:
    logging.basicConfig(level=logging.INFO, format="solld: %(message)s")  # what is noticed at the start is said
    settings = settings_of(options)
    if options.release is not None:
        restored.make(settings, options.release, say)
    server.serve(settings, options.host, options.port, options.workers, options.release)
    return 0


def releases(options: argparse.Namespace, say: plan.Say) -> int:
    settings = settings_of(options)
    served = release.current(settings)
    rows = []
    for number in release.numbers(settings):
        each = release.load(release.folder_of(settings, number))
        rows.append(
            {
                "release": number,
                "built": each.manifest["built"],
                "quads": each.manifest["quads"],
                "changes": each.manifest["changes"],
                "current": bool(served and served.number == number),
            }
        )
    if options.json:
        print(json.dumps(rows))
    for row in () if options.json else rows:
        changed = ", ".join(f"{n} {kind}" for kind, n in row["changes"].items() if n) or "nothing changed"
        print(
            f"{'*' if row['current'] else ' '} {row['release']:>5}  {row['built']}  {row['quads']:>10} quads  {changed}"
        )
    return 0


def rollback(options: argparse.Namespace, say: plan.Say) -> int:
    settings = settings_of(options)
    served, _ = push.publish(settings, release.earlier(settings, options.number), say)
    print(json.dumps({"current": served.number}) if options.json else f"release {served.number} is current")
    return 0


def verify_(options: argparse.Namespace, say: plan.Say) -> int:
    if options.ids:
        number, problems = replay.replay(settings_of(options), options.ids, say)
        well = f"all {number} identifiers ever issued answer"
    else:
        number, problems = 0, verify.verify(settings_of(options), options.number)
        well = "the release is whole"
    if options.json:
        print(json.dumps({"problems": problems} | ({"identifiers": number} if options.ids else {})))
    else:
        print("\n".join(problems) or well)
    return 1 if problems else 0


def export(options: argparse.Namespace, say: plan.Say) -> int:
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


def new_site(options: argparse.Namespace, say: plan.Say) -> int:
    newsite.make(options.folder)
    print(f"made {options.folder}; next: solld publish --site {options.folder} && solld serve --site {options.folder}")
    return 0
