"""The command with which a person judges pairs: review."""

import argparse
import getpass
import json
import subprocess
import sys
import webbrowser
from typing import Any

from solld import release
from solld.addresses import normalise
from solld.commands import Command, Say, settings_of
from solld.errors import BadSite
from solld.link.judgements import MACHINE, Pair, pair
from solld.model import Settings
from solld.review import terminal
from solld.review.desk import Desk
from solld.review.page import address
from solld.review.waiting import LEAST, Wish
from solld.service import open_service
from solld.web import review as web


def add(commands: Any, command: Command) -> None:
    text = "judge pairs that may be the same, in a browser on this machine or in the terminal"
    reviewing = command(commands, "review", text, review)
    reviewing.add_argument("--who", default="", help="who judges; the name that git knows, or the login, if not given")
    reviewing.add_argument("--terminal", action="store_true", help="in the terminal, with letters")
    reviewing.add_argument("--open", action="store_true", help="open the browser")
    reviewing.add_argument("--port", type=int, default=0, help="of the page; a free one if not given")
    reviewing.add_argument("--pair", nargs=2, metavar=("A", "B"), help="look at this pair first")
    reviewing.add_argument("--machine", action="store_true", help="look at what a machine has judged")
    reviewing.add_argument("--between", nargs="+", default=[], metavar="DATASET", help="pairs of one or two datasets")
    reviewing.add_argument("--least", type=float, default=LEAST, help=f"lowest probability; {LEAST} if not given")
    reviewing.add_argument("--most", type=float, default=1.0, help="probability up to which")
    reviewing.add_argument("--lang", default="", help="of what is shown; the site's first one if not given")


def review(options: argparse.Namespace, say: Say) -> int:
    settings = settings_of(options)
    opened = release.current(settings)
    if opened is None:
        raise BadSite(settings.var, release.NO_RELEASE)
    if len(options.between) > 2:
        raise BadSite("--between", "a pair is of one or two datasets")
    desk = Desk(open_service(settings, opened), options.who or _who(settings))
    if desk.who == MACHINE:
        raise BadSite("--who", f"{MACHINE} is what the machine is called")
    first = _pair(desk, options.pair) if options.pair else None
    say("reading candidates")
    desk.fill(Wish(frozenset(options.between), options.least, options.most), options.machine)
    if options.terminal:
        language = options.lang if options.lang in settings.languages else settings.languages[0]
        judged = terminal.run(desk, first, language, sys.stdin, sys.stderr if options.json else sys.stdout)
        if options.json:
            print(json.dumps({"judged": judged, "undone": desk.undone}))
        return 0
    return _serve(options, desk, first)


def _serve(options: argparse.Namespace, desk: Desk, first: Pair | None) -> int:
    server, url = web.server(desk, options.port)
    if first:
        url = url.replace("/?", f"{address(first)}?")
    print(json.dumps({"url": url, "pairs": len(desk.pairs)}) if options.json else f"{url}\nCtrl+C ends it", flush=True)
    if options.open:
        webbrowser.open(url)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        if not options.json:
            print(f"{len(desk.done)} judged, {desk.undone} undone; solld publish follows them")
    finally:
        server.server_close()
    return 0


def _who(settings: Settings) -> str:
    """The name that git knows of who works in the site, else the login."""
    try:
        found = subprocess.run(
            ["git", "config", "user.name"], cwd=settings.folder, capture_output=True, text=True, check=False
        ).stdout.strip()
    except FileNotFoundError:  # there is no git
        found = ""
    return found or getpass.getuser()


def _pair(desk: Desk, texts: list[str]) -> Pair:
    base = desk.service.settings.base
    one, other = (normalise(each.removeprefix(base).removeprefix("id/").removeprefix("doc/")) for each in texts)
    for each in (one, other):
        if not desk.is_issued(each):
            raise BadSite("--pair", f"{each!r} was never issued")
    if one == other:
        raise BadSite("--pair", "a pair is of two identifiers")
    return pair(one, other)
