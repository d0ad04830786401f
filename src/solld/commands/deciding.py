"""The commands that decide on identifiers: merge, split, withdraw, restore, erase."""

import argparse
import json
import sys
from dataclasses import asdict
from typing import Any

from solld import build, decisions, erasure, fates, history, push, release
from solld.addresses import normalise
from solld.commands import Command, Say, settings_of
from solld.commands.telling import told
from solld.errors import BadSite
from solld.model import Settings
from solld.reporting import kept

FATES = {
    "merge": "say that an identifier is the same as another, and leads to it from now on",
    "split": "say that an identifier is not the same after all as the one that it was merged into",
    "withdraw": "say that an identifier is not to be published any more",
    "restore": "undo the merge or the withdrawal of an identifier",
}


def add(commands: Any, command: Command) -> None:
    """Adds these commands to the command line."""
    for act, text in FATES.items():
        deciding = command(commands, act, text, decide)
        deciding.add_argument("id", help="an identifier, or its address")
        if act in ("merge", "split"):
            deciding.add_argument(
                "other", help="the one that it leads to" if act == "merge" else "where it was merged into"
            )
        deciding.add_argument("--why", required=True, help="the reason, which is published")
        deciding.add_argument("--date", default="", help="of the decision, like 2026-11-25; today if not given")
        deciding.set_defaults(act=act)

    erasing = command(commands, "erase", "take all that is said of identifiers out of everything, for ever", erase)
    erasing.add_argument(
        "ids", nargs="+", metavar="ID", help="an identifier, or its address; what leads to it goes along"
    )
    erasing.add_argument("--date", default="", help="of the decision, like 2026-11-25; today if not given")


def decide(options: argparse.Namespace, say: Say) -> int:
    settings = settings_of(options)
    one, other = (_identifier(settings, text) for text in (options.id, getattr(options, "other", "")))
    act = fates.Act(options.date or history.now().date().isoformat(), options.act, one, other, options.why)
    decisions.decide(settings, act)
    if options.json:
        print(json.dumps(asdict(act)))
    else:
        print(f"{act.act}: {one}{f' and {other}' if other else ''}; solld publish makes it public")
    return 0


def erase(options: argparse.Namespace, say: Say) -> int:
    settings = settings_of(options)
    identifiers = [_identifier(settings, text) for text in options.ids]
    notes = erasure.erase(settings, identifiers, options.date or history.now().date().isoformat())
    kept.forget(settings)
    outcome = build.build(settings, say)
    if outcome.release is None:
        raise BadSite(settings.var, release.NO_RELEASE)
    push.publish(settings, outcome.release.number, say)
    for note in notes:
        print(f"solld: {note} still has it: nobody is served that, and it has to be deleted there", file=sys.stderr)
    return told(options, outcome, {"erased": identifiers, "published": outcome.release.number, "still_in": notes})


def _identifier(settings: Settings, text: str) -> str:
    return normalise(text.removeprefix(settings.base).removeprefix("id/").removeprefix("doc/"))
