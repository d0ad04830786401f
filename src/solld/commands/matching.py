"""The command that finds what is listed twice: match."""

import argparse
import json
from dataclasses import asdict
from typing import Any

from solld.commands import Command, Say, settings_of
from solld.matching import Matched, match


def add(commands: Any, command: Command) -> None:
    matching = command(commands, "match", "find what is one thing in several datasets, and judge what is certain", run)
    matching.add_argument("--dry-run", action="store_true", help="judge nothing: only find candidates")
    matching.add_argument("--all", action="store_true", help="compare everything anew, not only what changed")


def run(options: argparse.Namespace, say: Say) -> int:
    found = match(settings_of(options), say, options.all, options.dry_run)
    print(json.dumps(asdict(found)) if options.json else told(found, options.dry_run))
    return 0


def told(found: Matched, dry: bool) -> str:
    """What a run did, for people."""
    verdicts = ", ".join(f"{number} {verdict}" for verdict, number in sorted(found.verdicts.items())) or "none"
    would = "would be " if dry else ""
    return "\n".join(
        (
            f"{found.records} records, {found.changed} of them new or changed, {found.gone} gone",
            f"{found.compared} pairs compared; {found.candidates} candidates: {verdicts}",
            f"{found.judged} {would}judged the same, {found.undone} judgements {would}taken back",
            "solld publish follows what is judged",
            f"{found.unsure} wait for a person: solld review",
        )
    )
