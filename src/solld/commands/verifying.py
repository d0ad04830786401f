"""The command that holds what is published against what was promised."""

import argparse
import json
from typing import Any

from solld import replay, verify
from solld.commands import Command, Say, settings_of


def add(commands: Any, command: Command) -> None:
    verifying = command(commands, "verify", "hold a release against its manifest and the history", verify_)
    verifying.add_argument("number", nargs="?", type=int, help="of the release; the current one if not given")
    verifying.add_argument(
        "--ids",
        metavar="URL",
        nargs="?",
        const="http://127.0.0.1:8000",
        help="ask the service at this address, or http://127.0.0.1:8000, for every identifier ever issued",
    )


def verify_(options: argparse.Namespace, say: Say) -> int:
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
