"""The command that serves a release."""

import argparse
import logging
from typing import Any

from solld import restored
from solld.commands import Command, Say, settings_of
from solld.web import server


def add(commands: Any, command: Command) -> None:
    serving = command(commands, "serve", "serve the current release", serve)
    serving.add_argument("--host", default="127.0.0.1", help="address to listen on")
    serving.add_argument("--port", type=int, default=8000, help="port to listen on")
    serving.add_argument("--workers", type=int, default=2, help="web processes")
    serving.add_argument("--release", type=int, help="serve this one, of now or long ago, instead of the current one")


def serve(options: argparse.Namespace, say: Say) -> int:
    logging.basicConfig(level=logging.INFO, format="solld: %(message)s")  # what is noticed at the start is said
    settings = settings_of(options)
    if options.release is not None:
        restored.make(settings, options.release, say)
    server.serve(settings, options.host, options.port, options.workers, options.release)
    return 0
