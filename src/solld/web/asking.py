"""A request as the asynchronous part of the service reads it, and the answer that it gives."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Any
from urllib.parse import unquote_to_bytes

Header = tuple[bytes, bytes]
LONGEST = 2000  # characters of what is liked; what is liked beyond is not read
HOST = re.compile(r"[A-Za-z0-9.:\[\]_-]{1,255}")
OVERHEAD = 1000  # bytes that the key, headers and bookkeeping of an answer are reckoned at


@dataclass(frozen=True)
class Request:
    """A request, without its body."""

    method: str
    path: str
    query: bytes  # of the address, as it came
    headers: Mapping[str, str]  # lower case; those that came several times joined by commas
    client: str  # address
    scheme: str = "http"

    @property
    def accept(self) -> str:
        return self.headers.get("accept", "")

    @property
    def zipped(self) -> bool:
        """Whether the client takes gzip. https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3"""
        for part in self.headers.get("accept-encoding", "").split(","):
            coding, _, quality = part.partition(";")
            if coding.strip().lower() in ("gzip", "*"):
                return quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
        return False


def of(scope: Mapping[str, Any], proxies: int) -> Request:
    """The request of an ASGI scope. https://asgi.readthedocs.io/en/latest/specs/www.html"""
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    for key in ("accept", "accept-language"):
        if len(headers.get(key, "")) > LONGEST:
            headers[key] = headers[key][:LONGEST].rpartition(",")[0]
    peer = scope.get("client") or ("", 0)
    scheme, host = _asked_for(scope["scheme"], headers, proxies)
    return Request(
        scope["method"],
        scope["path"],
        scope["query_string"],
        headers | ({"host": host} if host else {}),
        _client(peer[0], headers, proxies),
        scheme,
    )


def _asked_for(scheme: str, headers: Mapping[str, str], proxies: int) -> tuple[str, str]:
    """The scheme and host that the client asked for: a proxy of ours asks by others, and tells."""
    host = headers.get("host", "")
    if not proxies:
        return scheme, host
    told = _forwarded(headers, "x-forwarded-proto", proxies).lower()
    named = _forwarded(headers, "x-forwarded-host", proxies)
    return told if told in ("http", "https") else scheme, named if HOST.fullmatch(named) else host


def _forwarded(headers: Mapping[str, str], name: str, proxies: int) -> str:
    """What the outermost of our proxies says; what stands before was said by anybody."""
    told = [each.strip() for each in headers.get(name, "").split(",")]
    return told[-min(proxies, len(told))]


def _client(peer: str, headers: Mapping[str, str], proxies: int) -> str:
    # Each proxy appends the address that it was asked from; what stands before those of our own was said by anybody.
    if proxies:
        told = [each.strip() for each in headers.get("x-forwarded-for", "").split(",") if each.strip()]
        peer = ([*told, peer][-proxies - 1 :] or [peer])[0]
    return network(peer)


@lru_cache(maxsize=4096)
def network(address: str) -> str:
    """What counts as one client: an IPv4 address, or the 64 bits of an IPv6 network, which one client has to itself."""
    try:
        found = ip_address(address)
    except ValueError:
        return re.sub(r"\s", "", address)
    if isinstance(found, IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ip_network((found, 64), strict=False).network_address)


@dataclass(frozen=True)
class Answer:
    """A whole HTTP answer, as it is kept."""

    status: int
    headers: tuple[Header, ...]
    body: bytes

    @property
    def weight(self) -> int:
        return OVERHEAD + len(self.body)

    def header(self, name: bytes) -> str:
        """The value of a header, by its name in lower case; "" if it is not there."""
        return next((value.decode("latin-1") for key, value in self.headers if key == name), "")


def pairs(headers: Sequence[tuple[str, str]]) -> tuple[Header, ...]:
    """Headers as ASGI has them."""
    return tuple((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers)


def environ(request: Request, body: bytes, scope: Mapping[str, Any]) -> dict[str, Any]:
    """The request as WSGI has it. https://peps.python.org/pep-3333/"""
    raw = scope.get("raw_path") or request.path.encode()
    server = scope.get("server") or ("localhost", 80)
    found: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(raw.partition(b"?")[0]).decode("latin-1"),
        "QUERY_STRING": request.query.decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope.get('http_version', '1.1')}",
        "REMOTE_ADDR": request.client,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": request.scheme,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            found[f"HTTP_{key}"] = value
    if "content-type" in request.headers:
        found["CONTENT_TYPE"] = request.headers["content-type"]
    return found
