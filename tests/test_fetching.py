"""Fetching: what others publish comes whole or not at all, from public addresses, in time, and with good manners."""

import contextlib
import hashlib
import socket
import ssl
import subprocess
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hostile import BEHAVIOURS, TEXT, Asked, Hostile, Line, after, answer, hostile, redirect, reset, says
from solld.errors import SourceFailed, StoreFailed
from solld.harvesting import guarded
from solld.harvesting.decoding import PIECE, Undecodable, decoded
from solld.harvesting.fetching import Limits, Session, Validators
from solld.harvesting.links import next_link
from solld.harvesting.retry import retry_after
from solld.harvesting.robots import MOST, parse_rules
from solld.harvesting.urls import Target, joined, parse_url
from solld.sources import Get, Page

HOME = frozenset({"127.0.0.1"})
LIMITS = Limits(agent="solld/0.1 (+https://lights.example/about)", seconds=5, wait=0, retries=0, allow=HOME)


@dataclass
class Clock:
    """A clock that stands still but when somebody sleeps."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds


@dataclass
class Names:
    """A resolver that knows its names, and how often it was asked for each."""

    known: dict[str, list[str]]
    asked: list[str] = field(default_factory=list)

    def resolve(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        if host not in self.known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return self.known[host]


@pytest.fixture(scope="module")
def server() -> Iterator[Hostile]:
    with hostile() as running:
        yield running


def page(url: str, limits: Limits = LIMITS, **how: object) -> Page:
    found = Session(limits, **how)(url)  # type: ignore[arg-type]
    assert found is not None
    return found


def refusal(url: str, limits: Limits = LIMITS, **how: object) -> str:
    """Why this cannot be had; nothing is left of it, and a former copy stays."""
    with pytest.raises(SourceFailed) as caught:
        page(url, limits, **how)
    assert caught.value.place == url
    return caught.value.reason


# What is good ---------------------------------------------------------------------------------------------------------


def test_a_session_is_what_sources_ask_with() -> None:
    get: Get = Session(LIMITS)
    assert get is not None


@pytest.mark.parametrize(
    "path",
    [
        "/good",
        "/no-length",
        "/chunked",
        "/no-trailer",
        "/gzip",
        "/x-gzip",
        "/gzip-members",
        "/deflate",
        "/deflate-raw",
        "/to-good",
    ],
)
def test_what_is_whole_is_read_and_saved(server: Hostile, tmp_path: Path, path: str) -> None:
    session = Session(LIMITS)
    found = session(server.url(path))
    answer = session.save(server.url(path), tmp_path / "file")
    assert found is not None
    assert found.body == TEXT
    assert (tmp_path / "file").read_bytes() == TEXT
    assert (answer.status, answer.bytes, answer.sha256) == (200, len(TEXT), hashlib.sha256(TEXT).hexdigest())
    assert answer.url == found.url == server.url("/good" if path == "/to-good" else path)


def test_the_media_type_is_without_parameters(server: Hostile) -> None:
    assert page(server.url("/echo")).media_type == "text/plain"
    assert page(server.url("/empty")).media_type == ""


def test_a_question_is_sent_as_it_is_meant(server: Hostile) -> None:
    session = Session(LIMITS)
    found = session(server.url("/echo?q=é%20ü&a=b#part"), "text/turtle", b"SELECT", "application/sparql-query")
    assert found is not None
    assert found.body == b"POST /echo?q=%C3%A9%20%C3%BC&a=b text/turtle SELECT"
    headers = server.asked[-1].headers
    assert headers["user-agent"] == LIMITS.agent
    assert headers["content-type"] == "application/sparql-query"
    assert headers["accept-encoding"] == "gzip, deflate"
    assert headers["host"] == f"127.0.0.1:{server.port}"


@pytest.mark.parametrize(("path", "expected"), [("/307", b"POST /echo */* x"), ("/303", b"GET /echo */* ")])
def test_a_redirected_post_stays_one_but_after_303(server: Hostile, path: str, expected: bytes) -> None:
    found = Session(LIMITS)(server.url(path), body=b"x", media_type="text/plain")
    assert found is not None
    assert found.body == expected


def test_what_is_not_there_is_no_page_and_no_file(server: Hostile, tmp_path: Path) -> None:
    session = Session(LIMITS)
    assert session(server.url("/not-there")) is None
    with pytest.raises(SourceFailed, match="answers 404 Not Found"):
        session.save(server.url("/not-there"), tmp_path / "file")


def test_what_has_not_changed_is_not_sent_again(server: Hostile, tmp_path: Path) -> None:
    session, path = Session(LIMITS), tmp_path / "file"
    first = session.save(server.url("/validated"), path)
    assert (first.etag, first.modified) == ('"one"', "Wed, 21 Oct 2026 07:28:00 GMT")
    again = session.save(server.url("/validated"), path, before=Validators(first.etag, first.modified))
    assert (again.status, again.etag, again.modified, again.bytes) == (304, first.etag, first.modified, 0)
    assert server.asked[-1].headers["if-modified-since"] == first.modified
    other = session.save(server.url("/validated"), path, before=Validators('"other"'))
    assert (other.status, path.read_bytes()) == (200, b"content")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('</p?n=2>; rel="next"', "http://127.0.0.1:{port}/p?n=2"),
        (
            '<https://o.example/a,b>; rel=prev, <?n=3>; title="a, b"; rel="last next"',
            "http://127.0.0.1:{port}/linked?n=3",
        ),
        ('</p>; rel="nextish", </q>; rel=prev; rel=next', ""),
        ("", ""),
    ],
)
def test_a_page_says_what_is_next(header: str, expected: str) -> None:
    with hostile({"/linked": says(Link=header)}) as server:
        assert page(server.url("/linked")).next == expected.format(port=server.port)


def test_a_header_of_many_angle_brackets_is_read_in_time() -> None:
    started = time.monotonic()
    assert next_link("<" * 1_000_000) == next_link("<a>;" * 100_000) == ""
    assert time.monotonic() - started < 2


# Safe -----------------------------------------------------------------------------------------------------------------

PRIVATE = (
    "127.0.0.1 127.9.9.9 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 100.127.255.255 "
    "198.18.0.1 192.0.2.1 0.1.2.3 ::1 fe80::1 fe80::1%1 fc00::1 fd12:3456::1 fec0::1 2001:db8::1 ::ffff:127.0.0.1 "
    "::ffff:10.0.0.1 ::ffff:169.254.169.254 2002:7f00:1:: 2002:a9fe:a9fe:: 2002:c0a8:101::1 64:ff9b::7f00:1 "
    "64:ff9b::10.0.0.1"
)
RESERVED = (
    "0.0.0.0 :: 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 192.0.0.8 192.88.99.1 ff02::1 ::7f00:1 "
    "64:ff9b:1::1 2001:0:7f00:1:: 2001:2::1 3fff::1 5f00::1 4000::1 ::ffff:0.0.0.0 64:ff9b::224.0.0.1"
)
PUBLIC = "93.184.216.34 8.8.8.8 2a00:1450:4001::1 2606:4700::1111 2002:808:808:: 64:ff9b::8.8.8.8 ::ffff:8.8.8.8"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        *((a, "private") for a in PRIVATE.split()),
        *((a, "reserved") for a in RESERVED.split()),
        *((a, "") for a in PUBLIC.split()),
    ],
)
def test_each_address_is_of_a_kind(address: str, expected: str) -> None:
    assert guarded.kind(address) == expected


@given(st.ip_addresses())
def test_what_is_public_here_is_global_to_python(address: object) -> None:
    if not guarded.kind(str(address)):
        assert guarded._unwrapped(address).is_global  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/good",
        "http://127.1:{port}/good",
        "http://2130706433:{port}/good",
        "http://0x7f.1:{port}/good",
        "http://0x7F000001:{port}/good",
        "http://0177.0.0.1:{port}/good",
        "http://[::1]:{port}/good",
        "http://[::ffff:127.0.0.1]:{port}/good",
        "http://[::FFFF:7f00:1]:{port}/good",
        "http://localhost:{port}/good",
        "http://LOCALHOST.:{port}/good",
        "HTTP://127.0.0.1.:{port}/good",
        "http://①②⑦.0.0.1:{port}/good",
        "http://127。0。0。1:{port}/good",
        "http://good.example:80@127.0.0.1:{port}/good",
        "http://good.example@127.0.0.1:{port}/good",
        "http://good.example\\@127.0.0.1:{port}/good",
        "http://127.0.0.1:{port}\\@good.example/good",
        "http://127.0.0.1%2egood.example:{port}/good",
        "http://127%2e0.0.1:{port}/good",
        "http://good.example\t@127.0.0.1:{port}/good",
        "http://0.0.0.0:{port}/good",
        "http://[::]:{port}/good",
        "http:///good",
        "http:127.0.0.1:{port}/good",
        "//127.0.0.1:{port}/good",
        "http://127.0.0.1:0/good",
        "http://127.0.0.1:{port}0000/good",
        "http://[127.0.0.1]:{port}/good",
        "http://[v1.x]:{port}/good",
        "file:///etc/passwd",
        "gopher://127.0.0.1:{port}/",
        "ftp://127.0.0.1:{port}/",
        "/etc/passwd",
        "",
    ],
)
def test_no_spelling_leads_to_this_machine(url: str) -> None:
    with hostile() as server:
        assert refusal(url.format(port=server.port), replace(LIMITS, allow=frozenset()))
        assert server.asked == []


def test_a_refusal_says_what_to_do(server: Hostile) -> None:
    names = Names({"inner.example": ["93.184.216.34", "10.1.2.3"]})
    assert refusal("http://inner.example/", resolve=names.resolve) == (
        "resolves to 10.1.2.3, which is a private address; allow it by name in site.toml [harvest] allow"
    )


def test_a_name_is_resolved_once_and_the_address_that_was_checked_is_asked(server: Hostile) -> None:
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]  # where nobody listens

    limits = replace(LIMITS, allow=frozenset({"Rebinding.Example."}), ignore_robots=frozenset({"rebinding.example"}))
    found = page(server.url("/good", "rebinding.EXAMPLE"), limits, resolve=rebinding)
    assert (found.body, asked) == (TEXT, ["rebinding.example"])
    assert server.asked[-1].headers["host"] == f"rebinding.example:{server.port}"


def test_a_name_that_turns_private_after_robots_txt_is_refused() -> None:
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["::ffff:127.0.0.1"]

    with hostile() as server:
        reason = refusal(server.url("/good", "public.example"), resolve=rebinding)
        assert "resolves to ::ffff:127.0.0.1, which is a private address" in reason
        assert (len(asked), server.asked) == (1, [])


@pytest.mark.parametrize(
    ("allow", "allowed"),
    [("127.0.0.1", True), ("127.0.0.1:{port}", True), ("127.0.0.1:1", False), ("localhost", False), ("127.1", False)],
)
def test_a_host_is_allowed_by_the_name_in_the_url(server: Hostile, allow: str, allowed: bool) -> None:
    limits = replace(LIMITS, allow=frozenset({allow.format(port=server.port)}))
    if allowed:
        assert page(server.url("/good"), limits).body == TEXT
    else:
        assert "private address" in refusal(server.url("/good"), limits)


def test_a_reserved_address_is_never_asked() -> None:
    names = Names({"all.example": ["224.0.0.1"]})
    reason = refusal("http://all.example/", replace(LIMITS, allow=frozenset({"all.example"})), resolve=names.resolve)
    assert reason.endswith("resolves to 224.0.0.1, which is no address of a server")


@pytest.mark.parametrize("host", ["localhost", "inner.example", "2130706433"])
def test_an_allowed_host_does_not_lead_to_another_private_one(host: str) -> None:
    names = Names({"127.0.0.1": ["127.0.0.1"], "2130706433": ["127.0.0.1"]} | {host: ["127.0.0.1"]})
    with hostile() as server:
        server.behaviours["/to-inner"] = redirect(server.url("/good", host))
        reason = refusal(server.url("/to-inner"), resolve=names.resolve)
        assert reason.startswith(f"redirects to {server.url('/good', host)}: ")
        assert "private address" in reason
        assert "/good" not in server.paths


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/to-file", "redirects to file:///etc/passwd: is not an http or https URL"),
        ("/to-ftp", "redirects to ftp://ftp.example/x: is not an http or https URL"),
        ("/to-user", "has a user name in it"),
        ("/to-nowhere", "answers 302 Found and does not say where to"),
        ("/loop", "redirects more than 5 times (harvest.redirects)"),
    ],
)
def test_bad_redirects_end(server: Hostile, path: str, words: str) -> None:
    before = len(server.asked)
    assert words in refusal(server.url(path))
    assert len(server.asked) <= before + 7


def test_proxies_of_the_environment_are_not_used(server: Hostile, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/")
    assert page(server.url("/good")).body == TEXT


@given(st.text(max_size=60), st.sampled_from(["", "http://", "https://", "http://a.example/", "http://["]))
def test_any_text_is_a_url_or_is_not(text: str, before: str) -> None:
    try:
        target = parse_url(before + text)
    except SourceFailed:
        return
    assert parse_url(target.url) == target
    assert target.url.isascii()


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("../b c.csv", "http://a.example/b%20c.csv"),
        ("é".encode().decode("latin-1"), "http://a.example/x/%C3%A9"),
        ("//b.example/%C3%A9?q=1", "http://b.example/%C3%A9?q=1"),
    ],
)
def test_a_location_is_read_with_its_dirt(location: str, expected: str) -> None:
    assert joined("http://a.example/x/y", location) == expected


# Over TLS -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For good.example, signed by itself; the key is beside it."""
    path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    names = "-subj /CN=good.example -addext subjectAltName=DNS:good.example"
    files = ["-keyout", str(path.with_suffix(".key")), "-out", str(path)]
    subprocess.run([*command.split(), *names.split(), *files], check=True, capture_output=True)
    return path


@pytest.fixture(scope="module")
def secure(certificate: Path) -> Iterator[Hostile]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    with hostile(tls=context) as running:
        yield running


NAMES = Names({"good.example": ["127.0.0.1"], "bad.example": ["127.0.0.1"]})
NAMED = replace(LIMITS, allow=frozenset({"good.example", "bad.example"}))


def test_a_certificate_is_checked_for_the_name_not_for_the_address(secure: Hostile, certificate: Path) -> None:
    how = {"resolve": NAMES.resolve, "ca": certificate}
    assert page(secure.url("/good", "good.example"), NAMED, **how).body == TEXT
    assert page(secure.url("/good", "GOOD.example."), NAMED, **how).body == TEXT
    wrong = refusal(secure.url("/good", "bad.example"), NAMED, **how)
    assert "has a certificate that is not good: Hostname mismatch" in wrong
    assert "bad.example" in wrong


def test_a_certificate_that_nobody_trusts_is_refused(secure: Hostile) -> None:
    reason = refusal(secure.url("/good", "good.example"), NAMED, resolve=NAMES.resolve)
    assert "has a certificate that is not good: self-signed certificate" in reason


def test_a_server_without_tls_is_told(server: Hostile) -> None:
    limits = replace(NAMED, ignore_robots=frozenset({"good.example"}))
    reason = refusal(f"https://good.example:{server.port}/good", limits, resolve=NAMES.resolve)
    assert reason.startswith("cannot be reached by TLS: ")


def test_no_redirect_leaves_https(secure: Hostile, server: Hostile, certificate: Path) -> None:
    secure.behaviours["/down"] = redirect(server.url("/good", "good.example"))
    reason = refusal(secure.url("/down", "good.example"), NAMED, resolve=NAMES.resolve, ca=certificate)
    assert reason.endswith(": is not https, though the redirect came from https")


def test_a_body_that_ends_without_a_word_of_tls_is_cut(secure: Hostile, certificate: Path) -> None:
    reason = refusal(secure.url("/no-length", "good.example"), NAMED, resolve=NAMES.resolve, ca=certificate)
    assert reason == f"ended in the middle, after {len(TEXT)} bytes"


@pytest.mark.parametrize("path", ["/drip-head", "/drip-body", "/drip-without-length"])
def test_slowness_over_tls_is_cut_too(secure: Hostile, certificate: Path, path: str) -> None:
    limits = replace(NAMED, seconds=0.3, ignore_robots=frozenset({"good.example"}))
    started = time.monotonic()
    reason = refusal(secure.url(path, "good.example"), limits, resolve=NAMES.resolve, ca=certificate)
    assert reason == "took longer than 0.3 seconds (harvest.seconds)"
    assert time.monotonic() - started < 2


def test_a_handshake_that_drips_is_cut() -> None:
    limits = replace(LIMITS, seconds=0.3, ignore_robots=HOME)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            connection, _ = listening.accept()
            with connection, contextlib.suppress(OSError):
                for byte in b"\x16\x03\x03\x40\x00" + b"\x02\x00\x3f\xfc" + bytes(500):  # the head of a ServerHello
                    connection.sendall(bytes([byte]))
                    time.sleep(0.01)

        threading.Thread(target=drip, daemon=True).start()
        started = time.monotonic()
        reason = refusal(f"https://127.0.0.1:{listening.getsockname()[1]}/", limits)
    assert reason == "took longer than 0.3 seconds (harvest.seconds)"
    assert time.monotonic() - started < 2


# Bounded --------------------------------------------------------------------------------------------------------------

SLOW = ["/silent", "/drip-head", "/drip-404", "/drip-body", "/drip-without-length", "/drip-chunks", "/continue-forever"]
LARGE = ["/large", "/says-large", "/endless", "/endless-chunks", "/endless-members", "/gzip-bomb", "/deflate-bomb"]
CUT = {
    "/short": "ended after 10 of 100 bytes",
    "/short-chunk": "ended in the middle",
    "/no-last-chunk": "ended in the middle, after 10 bytes",
    "/bad-chunk": "ended in the middle",
    "/broken-off": "ended in the middle, after 10 bytes",
    "/short-gzip": "is packed and ends in the middle",
    "/short-gzip-without-length": "is packed and ends in the middle",
    "/gzip-and-more": "cannot be unpacked",
    "/no-gzip": "cannot be unpacked",
    "/brotli": "is packed as br, and only gzip, deflate were asked for",
    "/zstd": "is packed as zstd",
    "/gzip-gzip": "is packed as gzip, gzip",
}
OTHER = {
    "/short-head": "the head of the answer ends in the middle",
    "/short-header": "the head of the answer ends in the middle",
    "/short-status": "the head of the answer ends in the middle",
    "/nothing": "cannot be reached: Remote end closed connection without response",
    "/reset": "cannot be reached: Connection reset by peer",
    "/no-http": "does not answer in HTTP: SSH-2.0",
    "/two-lengths": "does not answer in HTTP: Content-Length",
    "/endless-head": "does not answer in HTTP: got more than 100 headers",
    "/endless-line": "does not answer in HTTP: got more than 65536 bytes",
    "/unasked-304": "answers 304 Not Modified",
}


@pytest.mark.parametrize("path", SLOW)
def test_slowness_is_cut(server: Hostile, path: str) -> None:
    limits = replace(LIMITS, seconds=0.3, ignore_robots=HOME)
    started = time.monotonic()
    assert refusal(server.url(path), limits) == "took longer than 0.3 seconds (harvest.seconds)"
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("path", LARGE)
def test_size_is_cut(server: Hostile, path: str) -> None:
    assert (
        refusal(server.url(path), replace(LIMITS, bytes=100_000)) == "is larger than 100000 bytes (harvest.megabytes)"
    )


def test_a_page_is_no_larger_than_the_memory_for_it(server: Hostile) -> None:
    assert refusal(server.url("/gzip-bomb")) == "is larger than 32 MB (the most that a page may have)"


def test_a_bomb_takes_no_memory(server: Hostile, tmp_path: Path) -> None:
    session = Session(replace(LIMITS, bytes=100 * 2**20))
    tracemalloc.start()
    with pytest.raises(SourceFailed, match=r"is larger than 100 MB \(harvest.megabytes\)"):
        session.save(server.url("/gzip-bomb"), tmp_path / "file")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8 * 2**20  # the server and its packer are counted too


@pytest.mark.parametrize(("path", "words"), (CUT | OTHER).items())
def test_what_is_not_whole_or_no_http_is_refused(server: Hostile, path: str, words: str) -> None:
    assert words in refusal(server.url(path))


@pytest.mark.parametrize("path", [*CUT, *OTHER, *LARGE, "/drip-body", "/loop", "/not-there"])
def test_nothing_is_left_of_a_failure(server: Hostile, tmp_path: Path, path: str) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"former")
    limits = replace(LIMITS, bytes=100_000, seconds=0.3, ignore_robots=HOME)
    with pytest.raises(SourceFailed):
        Session(limits).save(server.url(path), file)
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("file", b"former")]


def test_a_disk_that_fails_is_no_failure_of_the_source(server: Hostile, tmp_path: Path) -> None:
    with pytest.raises(StoreFailed, match="No such file or directory"):
        Session(LIMITS).save(server.url("/good"), tmp_path / "not-there" / "file")


def test_nothing_runs_on_after_an_answer(server: Hostile) -> None:
    limits = replace(LIMITS, seconds=77)
    page(server.url("/good"), limits)
    refusal(server.url("/short"), limits)
    refusal(server.url("/no-http"), limits)
    timers = [each for each in threading.enumerate() if isinstance(each, threading.Timer) and each.interval > 70]
    for timer in timers:
        timer.join(1)  # one that was cancelled needs a moment to end
    assert not [timer for timer in timers if timer.is_alive()]


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "identity", ""]))
def test_any_bytes_are_unpacked_or_refused(content: bytes, coding: str) -> None:
    with contextlib.suppress(Undecodable):
        b"".join(decoded([content], coding))


@given(st.binary(min_size=1, max_size=3000), st.integers(1, 50), st.sampled_from([("gzip", 31), ("deflate", 15)]))
def test_what_was_packed_is_unpacked_however_it_comes(content: bytes, step: int, coding: tuple[str, int]) -> None:
    content *= 50
    packer = zlib.compressobj(9, zlib.DEFLATED, coding[1])
    packed = packer.compress(content) + packer.flush()
    pieces = [packed[at : at + step] for at in range(0, len(packed), step)]
    found = list(decoded(pieces, coding[0]))
    assert b"".join(found) == content
    assert max(map(len, found)) <= PIECE
    with pytest.raises(Undecodable):
        list(decoded([packed[:-1]], coding[0]))


# Polite ---------------------------------------------------------------------------------------------------------------

ROBOTS = b"""
User-agent: *
Disallow: /
User-agent: solld
Disallow: /private
Allow: /private/data.csv
Crawl-delay: 7
User-agent: so
Disallow: /good
"""


def test_robots_txt_is_asked_once_and_kept() -> None:
    with hostile({"/robots.txt": says(ROBOTS), "/private/data.csv": says(b"x")}) as server:
        session = Session(LIMITS, sleep=Clock().sleep)
        for _ in range(2):
            assert session(server.url("/good")) is not None
            assert session(server.url("/private/data.csv")) is not None
            with pytest.raises(SourceFailed, match=r"robots\.txt does not allow /private/x for solld"):
                session(server.url("/private/x"))
        assert server.paths.count("/robots.txt") == 1
        assert "/private/x" not in server.paths


@pytest.mark.parametrize(
    ("robots", "words"),
    [
        (says(status="404 Not Found"), ""),
        (says(status="401 Unauthorized"), ""),
        (redirect("/elsewhere"), ""),
        (redirect("/own-rules"), "robots.txt does not allow /good for solld"),
        (says(b"User-agent: *\nDisallow: /", Content_Encoding=""), "robots.txt does not allow /good for solld"),
        (says(b"\xef\xbb\xbfuser-agent : SOLLD/2\r\nDisallow:/good"), "robots.txt does not allow /good for solld"),
        (says(b"User-agent: other\nDisallow: /\nUser-agents: x\n\xff\xfe"), ""),
        (says(b"#" * MOST + b"\nUser-agent: *\nDisallow: /"), ""),
        (says(b"User-agent: *\nDisallow: /\n" + b"#" * MOST), "robots.txt does not allow /good for solld"),
        (says(status="500 Oh no"), "robots.txt cannot be read, so nothing is asked: .* answers 500 Internal Server"),
        (says(status="503 Busy"), "answers 503 Service Unavailable"),
        (says(status="429 Slow"), "answers 429 Too Many Requests"),
        (reset, "/good: cannot be reached: Connection reset by peer"),
        (BEHAVIOURS["/short"], "ended after 10 of 100 bytes"),
        (BEHAVIOURS["/loop"], "redirects more than 5 times"),
        (redirect("http://localhost/robots.txt"), "robots.txt cannot be read, .*private address"),
    ],
)
def test_robots_txt_is_kept_to(robots: Callable[..., None], words: str) -> None:
    with hostile({"/robots.txt": robots, "/own-rules": says(b"User-agent: *\nDisallow: /")}) as server:
        session = Session(LIMITS)
        if words:
            with pytest.raises(SourceFailed, match=words):
                session(server.url("/good"))
            assert "/good" not in server.paths
        else:
            assert session(server.url("/good")) is not None


def test_robots_txt_of_each_redirect_counts() -> None:
    with hostile({"/robots.txt": says(b"User-agent: *\nDisallow: /good")}) as server:
        reason = refusal(server.url("/to-good"))
        assert reason == f"redirects to {server.url('/good')}: robots.txt does not allow /good for solld"


def test_an_operator_may_ask_to_be_harvested() -> None:
    with hostile({"/robots.txt": says(ROBOTS)}) as server:
        limits = replace(LIMITS, ignore_robots=frozenset({f"127.0.0.1:{server.port}"}))
        server.behaviours["/private"] = says(b"x")
        assert page(server.url("/private"), limits).body == b"x"
        assert server.paths == ["/private"]


@pytest.mark.parametrize(
    "content",
    [
        b"".join(b"User-agent:a%d\n" % n for n in range(18_000)) + b"Allow:/1\n" * 27_000,
        b"".join(b"User-agent:*\nDisallow:/%d\n" % n for n in range(18_000)),
        b"User-agent:*\nDisallow:/" + b"*a" * 250_000,
        b"user" + b" " * 500_000 + b"agent",
    ],
)
def test_no_robots_txt_takes_the_machine(content: bytes) -> None:
    tracemalloc.start()
    started = time.monotonic()
    parse_rules(content, "solld").can_fetch("http://a.example/" + "a" * 2000, "solld")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert time.monotonic() - started < 5
    assert most < 64 * 2**20


@given(st.binary(max_size=300))
def test_any_robots_txt_has_an_answer(content: bytes) -> None:
    rules = parse_rules(b"User-agent: *\nDisallow: /" + content, "solld")
    assert rules.can_fetch("http://a.example/x%ff?y", "solld") in (True, False)


def test_requests_to_one_host_wait_for_one_another() -> None:
    clock = Clock()
    limits = replace(LIMITS, wait=1.5, ignore_robots=HOME)
    with hostile() as server:
        session = Session(limits, clock=clock.time, sleep=clock.sleep)
        with ThreadPoolExecutor(4) as threads:
            assert len(list(threads.map(session, [server.url("/good")] * 4))) == 4
    assert clock.slept == [1.5] * 3


def test_the_host_may_ask_for_longer_pauses_but_not_for_any() -> None:
    for delay, expected in ((7, 7), (3600, 60), (0.1, 1.5)):
        clock = Clock()
        with hostile({"/robots.txt": says(f"User-agent: *\nCrawl-delay: {delay}".encode())}) as server:
            session = Session(replace(LIMITS, wait=1.5), clock=clock.time, sleep=clock.sleep)
            session(server.url("/good"))
            session(server.url("/good"))
        assert clock.slept == [1.5, expected]


def test_hosts_do_not_wait_for_one_another() -> None:
    names = Names({"a.example": ["127.0.0.1"], "b.example": ["127.0.0.1"]})
    hosts = frozenset(names.known)
    entered = threading.Barrier(2, timeout=5)  # broken unless both are asked at the same time

    def meet(line: Line, asked: Asked) -> None:
        entered.wait()
        line.send(answer(b"x"))

    with hostile({"/meet": meet}) as server:
        limits = replace(LIMITS, wait=100, allow=hosts, ignore_robots=hosts)
        session = Session(limits, resolve=names.resolve)
        with ThreadPoolExecutor(2) as threads:
            found = list(threads.map(session, [server.url("/meet", host) for host in sorted(hosts)]))
    assert [each and each.body for each in found] == [b"x", b"x"]


def test_one_host_is_asked_one_thing_at_a_time() -> None:
    inside: list[int] = []
    most: list[int] = []

    def count(line: Line, asked: Asked) -> None:
        inside.append(1)
        line.ending.wait(0.02)  # for others to come in
        most.append(len(inside))
        inside.pop()
        line.send(answer(b"x"))

    with hostile({"/count": count}) as server:
        session = Session(replace(LIMITS, ignore_robots=HOME))
        with ThreadPoolExecutor(8) as threads:
            found = list(threads.map(session, [server.url("/count")] * 12))
    assert all(each and each.body == b"x" for each in found)
    assert max(most) == 1


BUSY = says(status="503 Service Unavailable")


@pytest.mark.parametrize(
    ("behaviour", "slept"),
    [
        (BUSY, [1.0, 2.0]),
        (reset, [1.0, 2.0]),
        (BEHAVIOURS["/nothing"], [1.0, 2.0]),
        (says(status="429 Too Many Requests", Retry_After="20"), [20.0, 20.0]),
        (says(status="503 Busy", Retry_After="nonsense"), [1.0, 2.0]),
        (says(status="503 Busy", Retry_After="Wed, 21 Oct 2015 07:28:00 GMT"), [1.0, 1.0]),
    ],
)
def test_what_may_pass_is_asked_again(behaviour: Callable[..., None], slept: list[float]) -> None:
    limits = replace(LIMITS, wait=1, retries=2, ignore_robots=HOME)
    for failures, works in ((2, True), (3, False)):
        clock = Clock()
        with hostile({"/try": after(failures, behaviour, says(b"x"))}) as server:
            session = Session(limits, clock=clock.time, sleep=clock.sleep)
            if works:
                assert session(server.url("/try")) is not None
            else:
                with pytest.raises(SourceFailed):
                    session(server.url("/try"))
            assert (len(server.asked), clock.slept) == (3, slept)


@pytest.mark.parametrize("path", ["/short", "/no-http", "/drip-head", "/gzip-bomb", "/teapot", "/good"])
def test_what_does_not_pass_is_asked_once(path: str) -> None:
    limits = replace(LIMITS, retries=2, seconds=0.5, bytes=100, ignore_robots=HOME)
    with hostile({"/teapot": says(status="418 I'm a teapot")}) as server:
        refusal(server.url(path), limits)
        assert server.paths == [path]


def test_a_server_that_wants_to_be_left_alone_is() -> None:
    with hostile({"/try": says(status="503 Busy", Retry_After="3600")}) as server:
        reason = refusal(server.url("/try"), replace(LIMITS, retries=2))
        assert reason == "answers 503 Service Unavailable, and wants to be asked in 3600 seconds"
        assert server.paths.count("/try") == 1


@pytest.mark.parametrize(
    ("header", "expected"),
    [("20", 20), (formatdate(1030, usegmt=True), 30), (formatdate(900, usegmt=True), 0), ("-1", None), ("", None)],
)
def test_retry_after_is_seconds_or_a_date(header: str, expected: float | None) -> None:
    assert retry_after(header, 1000) == expected


# Errors ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("500 Oh dear", "answers 500 Internal Server Error"),
        ("403 No", "answers 403 Forbidden"),
        ("299 x", "answers 299"),
    ],
)
def test_a_status_is_told(status: str, words: str) -> None:
    with hostile({"/x": says(status=status)}) as server:
        assert refusal(server.url("/x")) == words


def test_a_name_that_is_not_known_is_told() -> None:
    limits = replace(LIMITS, ignore_robots=frozenset({"nowhere.example"}))
    reason = refusal("http://nowhere.example/", limits, resolve=Names({}).resolve)
    assert reason == "is at nowhere.example, which cannot be found: Name or service not known"


def test_a_port_where_nobody_listens_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    limits = replace(LIMITS, ignore_robots=HOME)
    assert refusal(f"http://127.0.0.1:{port}/", limits) == "cannot be reached: Connection refused"


def test_the_next_address_of_a_name_is_tried(server: Hostile) -> None:
    names = Names({"two.example": ["::1", "127.0.0.1"]})
    limits = replace(LIMITS, allow=frozenset({"two.example"}))
    assert page(server.url("/good", "two.example"), limits, resolve=names.resolve).body == TEXT


def test_a_target_is_named_with_and_without_its_port() -> None:
    target = Target("https", "2001:db8::1", 443, "/")
    assert target.url == "https://[2001:db8::1]/"
    assert target.is_among(frozenset({"[2001:db8::1]:443"}))
    assert target.is_among(frozenset({"2001:db8::1"}))
