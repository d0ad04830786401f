"""Four well-behaved clients, in a process of their own so that nothing of the siege delays their clocks.

Run as `visitors.py PORT IDENTIFIERS SOURCE...`: each address of SOURCE is where one client comes from; they ask until
their input is closed. One line of JSON comes out for each request: when (CLOCK_MONOTONIC), seconds, what was wrong.
"""

import http.client
import json
import random
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

THINKING = 0.04  # seconds between an answer and the next question
SAYING = threading.Lock()
NS = "https://lights.example/ns#"
QUERIES = (
    "SELECT ?p ?o WHERE {{ <{iri}> ?p ?o }}",
    "SELECT ?label WHERE {{ <{iri}> <http://www.w3.org/2004/02/skos/core#prefLabel> ?label }}",
    f"SELECT ?other ?height WHERE {{{{ <{{iri}}> <{NS}sees> ?other . ?other <{NS}height> ?height }}}}",
    "CONSTRUCT WHERE {{ <{iri}> ?p ?o }}",
)


class Visitor(threading.Thread):
    """Looks things up, one after another, as a page or a program does; no question twice, so that no cache answers."""

    def __init__(self, number: int, port: int, source: str, iris: list[str], stopped: threading.Event):
        super().__init__()
        self.number, self.iris, self.stopped = number, iris, stopped
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30, source_address=(source, 0))

    def run(self) -> None:
        chance = random.Random(self.number)
        turn = 0
        while not self.stopped.wait(THINKING):
            iri = chance.choice(self.iris)
            query = QUERIES[turn % len(QUERIES)].format(iri=iri) + f" # {self.number} {turn}"
            began = time.monotonic()
            wrong = self.ask(query)
            with SAYING:
                print(json.dumps((began, time.monotonic() - began, wrong)), flush=True)
            turn += 1
        self.connection.close()

    def ask(self, query: str) -> str:
        """What was wrong with the answer, or nothing."""
        try:
            self.connection.request("GET", "/sparql?" + urlencode({"query": query}))
            answer = self.connection.getresponse()
            body = answer.read()
        except (http.client.HTTPException, OSError) as error:
            self.connection.close()
            return f"{type(error).__name__}: {error}"
        if answer.status != 200:
            return f"{answer.status}: {body[:200]!r}"
        return "" if len(body) > 100 else f"an empty answer to {query}"


def main() -> None:
    port, identifiers, sources = int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]
    iris = identifiers.read_text(encoding="utf-8").split()
    stopped = threading.Event()
    visitors = [Visitor(number, port, source, iris, stopped) for number, source in enumerate(sources)]
    for visitor in visitors:
        visitor.start()
    sys.stdin.read()
    stopped.set()
    for visitor in visitors:
        visitor.join()


if __name__ == "__main__":
    main()
