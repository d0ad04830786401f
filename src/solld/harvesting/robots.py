"""What robots.txt allows us (RFC 9309), asked once for each origin."""

import re
import threading
from collections import defaultdict
from collections.abc import Callable

from protego import Protego

from solld.errors import SourceFailed
from solld.harvesting.guarded import Unreached
from solld.harvesting.limits import LONGEST_WAIT
from solld.harvesting.urls import Target

MOST = 500 * 1024  # bytes that are read; section 2.5 wants that many, and lets us leave the rest
AGENT_LINE = re.compile(r"\s*user(?:-|\s*)agent(?:\s*:|\s)\s*([^\s#/]*)", re.IGNORECASE)

Fetch = Callable[[str], bytes]  # the content of a robots.txt, empty where there is none; SourceFailed if it is unknown


class Robots:
    """Each robots.txt, or why it could not be read: then nothing is asked of its origin (section 2.3.1.4)."""

    def __init__(self, agent: str, fetch: Fetch, ignore: frozenset[str]):
        self._token, self._fetch, self._ignore = product_token(agent), fetch, ignore
        self._lock = threading.Lock()
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._rules: dict[str, Protego | SourceFailed] = {}

    def delay(self, target: Target) -> float:
        """Seconds that its operator wants between requests. SourceFailed if its operator does not want this one."""
        if target.is_among(self._ignore):
            return 0
        rules = self._of(target.origin)
        if isinstance(rules, Unreached):  # which says all that there is to say of the server
            raise SourceFailed(target.url, rules.reason) from rules
        if isinstance(rules, SourceFailed):
            raise SourceFailed(target.url, f"robots.txt cannot be read, so nothing is asked: {rules}") from rules
        if not rules.can_fetch(target.url, self._token):
            raise SourceFailed(target.url, f"robots.txt does not allow {target.path} for {self._token}")
        return min(rules.crawl_delay(self._token) or 0, LONGEST_WAIT)

    def _of(self, origin: str) -> Protego | SourceFailed:
        with self._lock:
            lock = self._locks[origin]
        with lock:
            if origin not in self._rules:
                self._rules[origin] = self._read(f"{origin}/robots.txt")
            return self._rules[origin]

    def _read(self, url: str) -> Protego | SourceFailed:
        try:
            content = self._fetch(url)
        except SourceFailed as failure:
            return failure
        return parse_rules(content, self._token)


def product_token(agent: str) -> str:
    """Who we are to robots.txt: the first word of User-Agent, without its version."""
    return agent.split()[0].partition("/")[0].lower()


def parse_rules(content: bytes, token: str) -> Protego:
    """The rules for everybody and for us.

    Protego takes "so" for us too, where RFC 9309 wants the whole token; and each rule once more for each agent that is
    named before it, which makes gigabytes of a file of 500 KB. So all others get one name that is not ours.
    """
    text = content[:MOST].decode("utf-8-sig", "replace")
    return Protego.parse("\n".join(_renamed(line, token) for line in text.splitlines()))


def _renamed(line: str, token: str) -> str:
    found = AGENT_LINE.match(line)
    if not found:
        return line
    name = found[1].lower() and (found[1].lower().rstrip("*") or "*")
    return f"User-agent: {name if name in ('*', token) else f'{token}-other'}"
