"""The Link header (RFC 8288), as far as pages need it: what is next."""

import re

LINK = re.compile(r"<([^<>]*)>((?:[^,\"<]|\"[^\"]*\")*)")  # a target, and its parameters up to the next comma
RELATION = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))", re.IGNORECASE)


def next_link(header: str) -> str:
    """The target of rel=next, as it is written; "" if there is none."""
    for target, parameters in LINK.findall(header):
        found = RELATION.search(parameters)  # section 3.3: only the first rel counts
        if found and "next" in (found[1] or found[2]).lower().split():
            return str(target)
    return ""
