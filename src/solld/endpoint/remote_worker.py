"""The process that runs public queries where the data are on a SPARQL server: it has a server instead of a store."""

import json
import sys
from typing import Any

from solld.endpoint import guard
from solld.endpoint.isolation import isolate
from solld.endpoint.worker import Operation, Output, Result, Worker, work
from solld.errors import ServerFailed, SolldError
from solld.stores.remote_answer import Answerer, Target


class RemoteWorker(Worker):
    """A release on a server. What is not whole is an error here too: `remote_server.py` sees to that."""

    def __init__(self, settings: dict[str, Any]):
        self.prefixes = settings["prefixes"]
        self.base = settings["base"]
        self.depth, self.patterns = int(settings["depth"]), int(settings["patterns"])
        self.answerer = Answerer(Target.load(settings["target"]))

    def run(self, operation: Operation) -> tuple[bool, Result]:
        query = operation["query"]
        volatile = guard.check(query, self.depth, self.patterns)
        return volatile, self.answerer.run(query, self.base, operation["default_graphs"], operation["named_graphs"])

    def graph(self, operation: Operation, out: Output) -> None:
        triples = self.answerer.graph(operation["iri"])
        out.frame(b"K", b"graph")
        self.written(triples, operation["graph"], out)
        out.end(b"Z")

    def unreadable(self, error: Exception) -> SolldError:
        """A query that cannot be parsed has been told by then: this is what the server sent."""
        return ServerFailed("store", f"its answer cannot be read to the end: {error}")


def main() -> None:
    settings = json.loads(sys.argv[1])
    isolate(settings["memory"], network=True)
    work(RemoteWorker(settings))


if __name__ == "__main__":
    main()
