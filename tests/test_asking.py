"""Who asks, and what he takes: the reading of ASGI requests."""

import pytest

from solld.web.asking import Request, environ, of


def scope(peer: str = "192.0.2.7", **headers: str) -> dict[str, object]:
    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {
        "method": "GET",
        "path": "/",
        "query_string": b"",
        "headers": sent,
        "client": (peer, "50000"),
        "scheme": "http",
    }


@pytest.mark.parametrize(
    ("peer", "proxies", "forwarded", "client"),
    [
        ("192.0.2.7", 0, "", "192.0.2.7"),
        ("192.0.2.7", 0, "203.0.113.9", "192.0.2.7"),
        ("127.0.0.1", 1, "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", 1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", 2, "198.51.100.1, 203.0.113.9", "198.51.100.1"),
        ("127.0.0.1", 2, "6.6.6.6, 198.51.100.1, 203.0.113.9", "198.51.100.1"),
        ("127.0.0.1", 1, "", "127.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", 0, "", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", 0, "", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", 0, "", "2001:db8:1:3::"),
        ("::ffff:192.0.2.7", 0, "", "192.0.2.7"),
        ("127.0.0.1", 1, "two\nlines", "twolines"),
    ],
)
def test_a_client_is_an_address_that_nobody_can_make_up(peer: str, proxies: int, forwarded: str, client: str) -> None:
    sent = {"x_forwarded_for": forwarded} if forwarded else {}
    assert of(scope(peer, **sent), proxies).client == client


@pytest.mark.parametrize(
    ("proxies", "proto", "host", "asked"),
    [
        (0, "https", "evil.example", "http://here.example"),
        (1, "https", "data.example", "https://data.example"),
        (1, "ftp, https", "evil.example, data.example:8443", "https://data.example:8443"),
        (2, "https, http", "data.example, inner", "https://data.example"),
        (1, "gopher", "a b<c>", "http://here.example"),
        (1, "", "", "http://here.example"),
        (3, "https", "data.example", "https://data.example"),
    ],
)
def test_addresses_are_those_that_the_client_asked(proxies: int, proto: str, host: str, asked: str) -> None:
    request = of(scope(host="here.example", x_forwarded_proto=proto, x_forwarded_host=host), proxies)
    assert f"{request.scheme}://{request.headers['host']}" == asked
    found = environ(request, b"", scope())
    assert f"{found['wsgi.url_scheme']}://{found['HTTP_HOST']}" == asked


@pytest.mark.parametrize(
    ("accepted", "zipped"),
    [
        ("", False),
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("*", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("identity", False),
        ("br", False),
    ],
)
def test_gzip_is_sent_to_who_takes_it(accepted: str, zipped: bool) -> None:
    assert Request("GET", "/", b"", {"accept-encoding": accepted}, "").zipped is zipped
