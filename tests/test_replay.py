"""`solld verify --ids` against a running service, and against ones that break the promise."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from serving import serving
from solld.cli import main
from solld.model import Settings
from solld.site import load
from test_versions import edit

Answers = Callable[[str], tuple[int, str, bytes]]  # path -> status, Location, body


def told(settings: Settings, url: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str], int]:
    capsys.readouterr()
    status = main(["verify", "--ids", url, "--json", "--site", str(settings.folder)])
    facts = json.loads(capsys.readouterr().out)
    return status, facts["problems"], facts["identifiers"]


def test_every_identifier_ever_issued_answers(tiny: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    main(["publish", "--site", str(tiny.folder)])
    edit(tiny, '<pharos> a light:Lighthouse ; skos:prefLabel "Pharos of Alexandria"@en .', "")
    main(["publish", "--site", str(tiny.folder)])
    with serving(tiny.folder) as server:
        assert told(load(tiny.folder), f"http://127.0.0.1:{server.port}", capsys) == (0, [], 3)


@contextmanager
def answering(answers: Answers) -> Iterator[str]:
    """A service that answers what it is told to."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            status, location, body = answers(self.path)
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        do_GET = do_HEAD  # noqa: N815

        def log_message(self, *arguments: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def fine(path: str) -> tuple[int, str, bytes]:
    return (303, path.replace("/id/", "/doc/"), b"") if path.startswith("/id/") else (200, "", b"it")


# A way to break the promise, and what is said of it; None is a way to keep it.
WAYS: dict[str, tuple[Answers, str | None]] = {
    "a redirect in one hop": (lambda p: (301, "/id/other", b"") if p != "/id/other" and "/id/" in p else fine(p), None),
    "a tombstone": (lambda p: (410, "", b"it was withdrawn"), None),
    "not found": (lambda p: (404, "", b"no"), "answers 404"),
    "a document that is not there": (lambda p: fine(p) if "/id/" in p else (404, "", b""), "its document"),
    "a tombstone that says nothing": (lambda p: (410, "", b""), "without a body"),
    "a chain": (lambda p: (301, p + "x", b""), "more than one hop"),
    "an error": (lambda p: (500, "", b""), "answers 500"),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_broken_promise_is_told(tiny: Settings, way: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["publish", "--site", str(tiny.folder)])
    answers, expected = WAYS[way]
    with answering(answers) as url:
        status, problems, number = told(tiny, url, capsys)
    assert number == 3
    if expected is None:
        assert (status, problems) == (0, [])
    else:
        assert status == 1
        assert len(problems) == 3
        assert all(expected in problem for problem in problems)


@pytest.mark.parametrize(("url", "status"), [("http://127.0.0.1:9", 3), ("nonsense", 2)])
def test_where_nobody_answers_that_is_told(
    tiny: Settings, tmp_path: Path, url: str, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["publish", "--site", str(tiny.folder)])
    assert main(["verify", "--ids", url, "--site", str(tiny.folder)]) == status
    assert url in capsys.readouterr().err
