"""The command that lists releases."""

import argparse
import json
from typing import Any

from solld import release
from solld.commands import Command, Say, settings_of


def add(commands: Any, command: Command) -> None:
    command(commands, "releases", "list the releases on the disk", releases)


def releases(options: argparse.Namespace, say: Say) -> int:
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
