"""Runs the benchmarks: run.py [WHAT] [--quick]; no time makes them fail."""

import argparse
import signal
import sys

import compare
import endpoints
import harvest
import publish
import reconcile
import search
import serve
import sparql
import twice
from programs import Failed

SMALLER = 10  # how much smaller a quick run is
WHAT = ("publish", "harvest", "matching", "reconcile", "search", "requests", "sparql", "compare", "all")
COMPARED = 50  # how much smaller the data of random queries is: what they join is not bounded by an index


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "what",
        nargs="?",
        choices=WHAT,
        default="all",
    )
    parser.add_argument("--quick", action="store_true", help="a tenth of the data, asked for a shorter time")
    parser.add_argument("--triples", type=int, default=1_000_000, help="published, or asked by SPARQL; up to 10000000")
    parser.add_argument("--datasets", type=int, action="append", help="among which they are spread; 20, then 1")
    parser.add_argument("--records", type=int, action="append", help="of a source; 10000, then 100000; up to 1000000")
    parser.add_argument("--names", type=int, default=9_000, help="of the list that is reconciled; up to 100000")
    parser.add_argument("--things", type=int, default=1_000_000, help="of the index that is searched")
    parser.add_argument("--lighthouses", type=int, default=20_000, help="of the site that is served")
    parser.add_argument("--seconds", type=int, default=5, help="that each server is asked for each thing")
    parser.add_argument(
        "--servers", nargs="+", choices=tuple(endpoints.MAKERS), help="of SPARQL; all that fit the size"
    )
    parser.add_argument("--random", type=int, default=200, help="queries whose answers are compared byte by byte")
    parser.add_argument(
        "--publish", action="store_true", help="the triples of SPARQL by solld publish; slow above 100000"
    )
    options = parser.parse_args()
    # Servers are started in groups of their own: whoever ends this ends them too, but only if it goes by its finally.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        return run(options)
    except Failed as error:
        print(error, file=sys.stderr)
        return 1


def run(options: argparse.Namespace) -> int:
    """0, or 1 if answers differ that are to be the same."""
    if options.what in ("publish", "all"):
        for datasets in options.datasets or (20, 1):
            publish.measure(options.triples // (SMALLER if options.quick else 1), datasets)
    if options.what in ("harvest", "all"):
        for records in options.records or (10_000, 100_000):
            harvest.measure(records // (SMALLER if options.quick else 1))
    _lists(options)
    if options.what in ("search", "all"):
        search.measure(options.things // (SMALLER if options.quick else 1))
    if options.what in ("requests", "all"):
        serve.measure(options.lighthouses, 1 if options.quick else options.seconds)
    if options.what in ("sparql", "all"):
        sparql.measure(
            options.triples // (SMALLER if options.quick else 1), options.quick, options.servers, options.publish
        )
    if options.what in ("compare", "all"):
        return min(1, compare.measure(options.random, options.triples // COMPARED))
    return 0


def _lists(options: argparse.Namespace) -> None:
    """Lists that are held against one another, or against what is published."""
    smaller = SMALLER if options.quick else 1
    if options.what in ("matching", "all"):
        for records in options.records or (10_000, 100_000):
            twice.measure(records // smaller)
    if options.what in ("reconcile", "all"):
        for records in options.records or (100_000,):
            reconcile.measure(records // smaller, options.names // smaller)


if __name__ == "__main__":
    sys.exit(main())
