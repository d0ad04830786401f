"""Runs tests of the suite: groups them by the data that they need, and shares the groups out among a few servers."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPException
from pathlib import Path
from queue import SimpleQueue

from conformance import description, exchange, judge, results
from conformance.engine import Engine
from conformance.judge import Outcome
from conformance.served import NotServed, Server
from conformance.suite import Case, Content, Suite

SERVERS = 4  # more than the cores: they wait for each other's releases, not for the processor
Group = tuple[Content, list[Case]]
PROTOCOLS = ("ProtocolTest", "GraphStoreProtocolTest", "ServiceDescriptionTest")


def served(suite: Suite, cases: Iterable[Case], folder: Path, servers: int = SERVERS) -> dict[str, Outcome]:
    """How each test went over HTTP, by the test's IRI."""
    groups = _groups(suite, cases)
    size = max(1, min(servers, len(groups)))
    with ExitStack() as stack, ThreadPoolExecutor(size) as threads:
        idle: SimpleQueue[Server] = SimpleQueue()
        for number in range(size):
            idle.put(stack.enter_context(Server(folder / str(number))))

        def answered(group: Group) -> list[tuple[str, Outcome]]:
            server = idle.get()
            try:
                server.publish(judge.quads(suite, group[0]))
                return [(case.iri, _outcome(suite, case, server)) for case in group[1]]
            finally:
                idle.put(server)

        return dict(pair for outcomes in threads.map(answered, groups) for pair in outcomes)


def alone(suite: Suite, cases: Iterable[Case]) -> dict[str, Outcome]:
    """The same of the engine in this process, for the tests that need no server."""
    return {
        case.iri: judge.judged(suite, case, Engine(judge.quads(suite, judge.content(suite, case))))
        for case in cases
        if case.kind not in PROTOCOLS
    }


def _groups(suite: Suite, cases: Iterable[Case]) -> list[Group]:
    """Tests with the data that they share, the largest group first."""
    found: dict[Content, list[Case]] = {}
    single: list[Group] = []
    for case in cases:
        if case.kind == "GraphStoreProtocolTest":  # publishes for itself
            single.append(((), [case]))
        else:
            found.setdefault(judge.content(suite, case), []).append(case)
    return sorted([*found.items(), *single], key=lambda pair: -len(pair[1]))


def _outcome(suite: Suite, case: Case, server: Server) -> Outcome:
    try:
        return _judged(suite, case, server)
    except TimeoutError as error:
        raise NotServed(f"no answer to {case.name}") from error
    except (OSError, HTTPException) as error:
        return Outcome(f"there is no whole response: {error!r}")
    except (results.Unreadable, SyntaxError) as error:
        return Outcome(f"the response is not what it says it is: {error!r}")


def _judged(suite: Suite, case: Case, server: Server) -> Outcome:
    match case.kind:
        case "ProtocolTest":
            return Outcome(exchange.protocol(case, server.send))
        case "GraphStoreProtocolTest":
            return Outcome(exchange.graph_store(case, server.send, server.publish))
        case "ServiceDescriptionTest":
            reply = server.send("GET", "/sparql")
            return Outcome(description.judged(case.iri.rpartition("#")[2], reply, f"{server.base}sparql"))
    return judge.judged(suite, case, server)
