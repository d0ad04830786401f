"""The command that makes a site of one's own."""

import argparse
from pathlib import Path
from typing import Any

from solld import newsite
from solld.commands import Command, Say


def add(commands: Any, command: Command) -> None:
    new = commands.add_parser("new-site", help="make a minimal site of one's own")
    new.add_argument("folder", type=Path, metavar="DIR")
    new.add_argument("--json", action="store_true", help=argparse.SUPPRESS)
    new.set_defaults(run=new_site)


def new_site(options: argparse.Namespace, say: Say) -> int:
    newsite.make(options.folder)
    print(f"made {options.folder}; next: solld publish --site {options.folder} && solld serve --site {options.folder}")
    return 0
