"""The commands that make releases of a site: check, build, publish, rollback."""

import argparse
import json
import sys
from typing import Any

from solld import build, push, release
from solld.commands import Command, Say, settings_of
from solld.commands.telling import told
from solld.errors import BadSite


def add(commands: Any, command: Command) -> None:
    command(commands, "check", "check the site: no network, no release", check)
    command(commands, "build", "make a release of what the site holds now", build_)
    command(commands, "publish", "build, and make the newest release the one that is served", publish)
    back = command(commands, "rollback", "make an earlier release current", rollback)
    back.add_argument("number", nargs="?", type=int, help="of the release; the one before if not given")


def check(options: argparse.Namespace, say: Say) -> int:
    settings = settings_of(options)
    outcome = build.check(settings, say)
    return told(options, outcome, {})


def build_(options: argparse.Namespace, say: Say) -> int:
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


def publish(options: argparse.Namespace, say: Say) -> int:
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


def rollback(options: argparse.Namespace, say: Say) -> int:
    settings = settings_of(options)
    served, _ = push.publish(settings, release.earlier(settings, options.number), say)
    print(json.dumps({"current": served.number}) if options.json else f"release {served.number} is current")
    return 0
