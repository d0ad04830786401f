"""The command that takes a source out: remove-source."""

import argparse
from typing import Any

from solld import build, push, release
from solld.commands import Command, Say, settings_of
from solld.commands.sourcing import harvested_ones
from solld.commands.telling import told
from solld.errors import BadSite
from solld.harvesting import leaving


def add(commands: Any, command: Command) -> None:
    text = "take out what another directory published, and publish"
    command(commands, "remove-source", text, remove).add_argument("name", metavar="NAME", help="of the dataset")


def remove(options: argparse.Namespace, say: Say) -> int:
    settings = settings_of(options)
    (dataset,) = harvested_ones(settings, [options.name])
    aside = leaving.leave(settings, dataset)
    outcome = build.build(settings, say)
    if outcome.release is None:
        raise BadSite(settings.var, release.NO_RELEASE)
    push.publish(settings, outcome.release.number, say)
    facts = {"removed": dataset.name, "published": outcome.release.number, "changes": dict(outcome.kinds)}
    return told(options, outcome, {**facts, "aside": str(aside)})
