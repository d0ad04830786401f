"""The commands of solld, each in a module of its own that is loaded when it is asked for.

A module has `add`, which adds its commands to the command line. What starts once a minute, or a hundred times in a
script, does not load what it does not use.
"""

import argparse
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from solld import site
from solld.model import Settings

Say = Callable[[str], None]
Run = Callable[[argparse.Namespace, Say], int]  # the exit status
MODULES = {  # in the order in which they are told
    "check": "building",
    "build": "building",
    "publish": "building",
    "serve": "serving",
    "releases": "releases",
    "rollback": "building",
    "verify": "verifying",
    "merge": "deciding",
    "split": "deciding",
    "withdraw": "deciding",
    "restore": "deciding",
    "erase": "deciding",
    "add-source": "sourcing",
    "remove-source": "leaving",
    "harvest": "sourcing",
    "match": "matching",
    "review": "reviewing",
    "report": "reporting",
    "export": "exporting",
    "new-site": "beginning",
}


class Command(Protocol):
    """Adds one command, with the arguments that all have; the parser is for those that it has of its own."""

    def __call__(self, commands: Any, name: str, text: str, run: Run) -> argparse.ArgumentParser: ...


def add(commands: Any, name: str) -> None:
    """Adds the commands of the module in which one is; all commands for a name that there is not."""
    modules = [MODULES[name]] if name in MODULES else list(dict.fromkeys(MODULES.values()))
    for module in modules:
        importlib.import_module(f"{__name__}.{module}").add(commands, command)


def command(commands: Any, name: str, text: str, run: Run) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    parser.add_argument(
        "--site", type=Path, default=None, help="the site folder; SOLLD_SITE, or this folder, if not given"
    )
    parser.add_argument("--json", action="store_true", help="answer in JSON, for machines")
    parser.set_defaults(run=run)
    return parser


def settings_of(options: argparse.Namespace) -> Settings:
    """The site that a command is about."""
    return site.load(options.site or site.folder_from_environment() or Path())
