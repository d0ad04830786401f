"""What the command line says of a build."""

import argparse
import json
import sys
from dataclasses import asdict
from typing import Any

from solld import build
from solld.model import Finding

FINDINGS_SHOWN = 50  # of each build, on a terminal; all are in the findings graph and in --json


def told(options: argparse.Namespace, outcome: build.Outcome, facts: dict[str, Any]) -> int:
    if options.json:
        print(
            json.dumps(
                {**facts, "conforms": outcome.conforms, "findings": [_finding(f) for f in outcome.findings]},
                ensure_ascii=False,
            )
        )
    else:
        for finding in outcome.findings[:FINDINGS_SHOWN]:
            print(line_of(finding), file=sys.stderr)
        if len(outcome.findings) > FINDINGS_SHOWN:
            print(f"… and {len(outcome.findings) - FINDINGS_SHOWN} more findings", file=sys.stderr)
        for name, value in facts.items():
            print(f"{name}: {value}")
        print("conforms" if outcome.conforms else "has violations")
    return 0 if outcome.conforms else 1


def line_of(finding: Finding) -> str:
    """One line for a person: where, what, and about which resource and field."""
    where = f"{finding.path}:{finding.line}" if finding.line else finding.path or "site"
    about = " ".join(filter(None, (finding.focus and f"<{finding.focus}>", finding.field and f"field {finding.field}")))
    return f"{where}: {finding.severity.lower()}: {finding.message}" + (f" ({about})" if about else "")


def _finding(finding: Finding) -> dict[str, Any]:
    return {**asdict(finding), "messages": [{"value": m.value, "language": m.language} for m in finding.messages]}
