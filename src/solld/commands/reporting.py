"""The command that gives something back to other directories: report."""

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from solld.commands import Command, Say, settings_of
from solld.commands.sourcing import harvested_ones
from solld.errors import BadSite
from solld.model import Settings
from solld.reporting import kept
from solld.reporting.as_csv import write_csv
from solld.reporting.as_html import Asked, write_page
from solld.reporting.as_json import write_json
from solld.reporting.as_text import write_text
from solld.reporting.kept import Report
from solld.reporting.report import make

FORMATS = ("text", "html", "csv", "json")
TERMINAL = "en"  # what commands speak


def add(commands: Any, command: Command) -> None:
    reporting = command(commands, "report", "tell a directory what reading its data has shown", report)
    reporting.add_argument("name", metavar="NAME", help="of a dataset that is harvested")
    reporting.add_argument("--format", choices=FORMATS, help="text if not given: a summary")
    reporting.add_argument("--out", type=Path, metavar="FILE", help="where to write it; here if not given")
    reporting.add_argument("--language", default="", help="of the report; that of the site, English for text and JSON")
    reporting.add_argument("--new-key", action="store_true", help="give its page a new address; the old one is none")


def report(options: argparse.Namespace, say: Say) -> int:
    settings = settings_of(options)
    (dataset,) = harvested_ones(settings, [options.name])
    path = make(settings, dataset, say)
    key = kept.key_of(settings, dataset.name, options.new_key)
    opened = Report.open(path)
    try:
        pieces = _written(opened, settings, options, f"{settings.base}report/{dataset.name}/{key}")
        _out(options.out, pieces)
    finally:
        opened.close()
    return 0


def _written(opened: Report, settings: Settings, options: argparse.Namespace, address: str) -> Iterable[bytes]:
    format = options.format or ("json" if options.json else "text")
    language = options.language or (settings.languages[0] if format in ("html", "csv") else TERMINAL)
    if format == "html":
        return (write_page(opened, Asked(settings, language)),)
    if format == "csv":
        return write_csv(opened, language)
    if format == "json":
        return write_json(opened, language)
    return (f"{line}\n".encode() for line in write_text(opened, language, address))


def _out(path: Path | None, pieces: Iterable[bytes]) -> None:
    if path is None:
        for piece in pieces:
            print(piece.decode(), end="")
        return
    try:
        with path.open("wb") as file:
            file.writelines(pieces)
    except OSError as error:
        raise BadSite(path, f"cannot be written: {error.strerror}") from error
    print(path)
