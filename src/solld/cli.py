"""The command line. Exit 0 done, 1 the data have violations, 2 wrong use, 3 the outside world failed."""

import argparse
import os
import sys
from collections.abc import Sequence

import solld
from solld import commands
from solld.commands import Run
from solld.errors import SolldError
from solld.progress import Progress, quiet


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = parser_of(given[0] if given else "").parse_args(given)
    say = quiet if options.json else Progress()
    try:
        run: Run = options.run
        return run(options, say)
    except SolldError as error:
        print(f"solld: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever reads it has seen enough; Python would complain again when it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def parser_of(name: str = "") -> argparse.ArgumentParser:
    """The command line for a command, or for all; the README's table is made from it."""
    parser = argparse.ArgumentParser(prog="solld", description="Publishes linked data from a site folder.")
    parser.add_argument("--version", action="version", version=f"solld {solld.__version__}")
    commands.add(parser.add_subparsers(title="commands", required=True, metavar="COMMAND"), name)
    return parser
