"""Prints how the service does in the W3C's SPARQL tests, folder by folder: make conformance. Fails on a surprise."""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from conformance import known, run
from conformance.judge import Outcome
from conformance.known import Known
from conformance.suite import Case, folder, out_of_scope, read

WIDTH = 38


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="conformance", description=__doc__)
    parser.add_argument("part", nargs="?", default="", help="of the names of the tests that are run: sparql11/bind")
    parser.add_argument("--engine", action="store_true", help="run the engine alone too, and hold the two together")
    parser.add_argument("--servers", type=int, default=run.SERVERS, help="that answer at the same time")
    options = parser.parse_args(arguments)
    if not folder().is_dir():
        print(f"the W3C's tests are not at {folder()}; set SOLLD_SHARED", file=sys.stderr)
        return 2
    suite = read(folder())
    cases = [case for case in suite.cases if options.part in case.name]
    wanted = [case for case in cases if not out_of_scope(case)]
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="conformance-") as work:
        served = run.served(suite, wanted, Path(work), options.servers)
    print(f"{len(wanted)} tests over HTTP in {time.monotonic() - began:.0f} s\n")
    failures = known.load()
    report(cases, served, failures)
    if options.engine:
        together(wanted, served, run.alone(suite, wanted))
    return surprises(wanted, served, failures)


def report(cases: Iterable[Case], outcomes: Mapping[str, Outcome], failures: Mapping[str, Known]) -> None:
    """A line for each folder, with what is out of scope and why, and a line for each list of the W3C's."""
    folders: dict[str, list[Case]] = {}
    for case in cases:
        folders.setdefault(case.folder, []).append(case)
    print(f"{'':{WIDTH}}   tests  passed  (by value)   known     new  out of scope")
    for name in sorted({name.partition("/")[0] for name in folders}):
        members = {each: found for each, found in folders.items() if each.startswith(f"{name}/")}
        for each, found in members.items():
            print(_line(each, found, outcomes, failures))
        print(_line(name, [case for found in members.values() for case in found], outcomes, failures), end="\n\n")
    print("by value: passed with another lexical form of the same value, 1.5 for 1.50")
    print("known: failures that known.csv gives a reason for · new: failures that it does not\n")


def _line(name: str, cases: Sequence[Case], outcomes: Mapping[str, Outcome], failures: Mapping[str, Known]) -> str:
    ran = [case.iri for case in cases if case.iri in outcomes]
    passed = [iri for iri in ran if not outcomes[iri].wrong]
    value = sum(not outcomes[iri].exact for iri in passed)
    expected = sum(iri in failures and bool(outcomes[iri].wrong) for iri in ran)
    numbers = (len(cases), len(passed), value, expected, len(ran) - len(passed) - expected, len(cases) - len(ran))
    columns = [f"{number or '':>{width}}" for number, width in zip(numbers, (8, 8, 12, 8, 8, 14), strict=True)]
    reasons = sorted({out_of_scope(case) for case in cases} - {""}) if "/" in name else []
    return f"{name:{WIDTH}}{''.join(columns)}  {' · '.join(reasons)}".rstrip()


def together(cases: Iterable[Case], served: Mapping[str, Outcome], alone: Mapping[str, Outcome]) -> None:
    """What the service makes of the tests that the engine can be asked alone, beside what the engine makes of them."""
    names = {case.iri: case.name for case in cases if case.iri in alone}
    print(f"{'queries':{WIDTH}}   tests   engine  service")
    for name in sorted({name.partition("/")[0] for name in names.values()}):
        members = [iri for iri in names if names[iri].startswith(f"{name}/")]
        both = [sum(not outcomes[iri].wrong for iri in members) for outcomes in (alone, served)]
        print(f"{name:{WIDTH}}{len(members):>8}{both[0]:>9}{both[1]:>9}")
    for verb, has, lacks in (("lost", alone, served), ("won", served, alone)):
        for iri, name in names.items():
            if lacks[iri].wrong and not has[iri].wrong:
                print(f"{verb}: {name}")
    print()


def surprises(cases: Iterable[Case], outcomes: Mapping[str, Outcome], failures: Mapping[str, Known]) -> int:
    """1 if a test fails that is not known to, or one passes that is; both are said."""
    status = 0
    for case in cases:
        wrong = outcomes[case.iri].wrong
        if case.iri in failures:
            reason = failures[case.iri]
            print(f"known: {case.name}: {reason.reason} ({reason.issue})" if wrong else f"STRIKE: {case.name} passes")
            status = status if wrong else 1
        elif wrong:
            print(f"NEW: {case.name}: {wrong}")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
