"""Runs the benchmarks: python bench/run.py [publish|requests|all] [--quick]; no time makes them fail."""

import argparse
import sys

import publish
import serve
from programs import Failed

SMALLER = 10  # how much smaller a quick run is


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=("publish", "requests", "all"), default="all")
    parser.add_argument("--quick", action="store_true", help="publish a tenth of the data, ask for one second")
    parser.add_argument("--triples", type=int, default=1_000_000, help="of the site that is published")
    parser.add_argument("--datasets", type=int, action="append", help="among which they are spread; 20, then 1")
    parser.add_argument("--lighthouses", type=int, default=20_000, help="of the site that is served")
    parser.add_argument("--seconds", type=int, default=5, help="that each server is asked for each thing")
    options = parser.parse_args()
    try:
        run(options)
    except Failed as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def run(options: argparse.Namespace) -> None:
    if options.what in ("publish", "all"):
        for datasets in options.datasets or (20, 1):
            publish.measure(options.triples // (SMALLER if options.quick else 1), datasets)
    if options.what in ("requests", "all"):
        serve.measure(options.lighthouses, 1 if options.quick else options.seconds)


if __name__ == "__main__":
    sys.exit(main())
