"""URLs that may be asked: http and https, read in one way only (RFC 3986), so that what is checked is what is asked."""

import ipaddress
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

from solld.errors import SourceFailed

PORTS = {"http": 80, "https": 443}
KEPT = "%/:=&?~#+!$,;'@()*[]-._"  # what a URL may have as it is; all else is percent-encoded
NO_URL = re.compile(r"[\x00-\x1f\x7f\\]")  # programs differ in how they read these, so nothing is asked
NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")


@dataclass(frozen=True)
class Target:
    """What a URL asks for, and of whom."""

    scheme: str  # http or https
    host: str  # lower case, without a dot at its end; an IPv6 address without brackets
    port: int
    path: str  # with its query, percent-encoded

    @property
    def authority(self) -> str:
        """What the Host header says (RFC 9110 section 7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"

    @property
    def url(self) -> str:
        return self.origin + self.path

    def is_among(self, names: frozenset[str]) -> bool:
        """Whether host, or host:port, is one of these names."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        plain = {name.lower().rstrip(".") for name in names}
        return not plain.isdisjoint({self.host, host, f"{host}:{self.port}"})


def parse_url(url: str) -> Target:
    """SourceFailed if this is no URL that may be asked."""
    if NO_URL.search(url):
        raise SourceFailed(url, "has a backslash or a control character, which no URL has")
    try:
        parts = urlsplit(url)
        if parts.scheme not in PORTS:
            raise SourceFailed(url, "is not an http or https URL")
        port, host = parts.port, _host(parts.hostname or "", "[" in parts.netloc)
    except ValueError as error:  # UnicodeError is one
        raise SourceFailed(url, f"is not a URL: {error}") from error
    if "@" in parts.netloc:
        raise SourceFailed(url, "has a user name in it, which is not sent anywhere")
    if port == 0:
        raise SourceFailed(url, "names port 0, which is no port")
    query = f"?{parts.query}" if parts.query else ""
    path = quote((parts.path or "/") + query, safe=KEPT)
    return Target(parts.scheme, host, port or PORTS[parts.scheme], path)


def came_from(asked: str, answered: str) -> str:
    """The URL that a file is from (RFC 3986 section 5.1.3).

    A redirect often leads to one with a signature in its query, which is another each time, so that is left out.
    """
    plain = asked.partition("#")[0]
    return plain if answered == plain else answered.partition("#")[0].partition("?")[0]


def here(where: str) -> tuple[Path, str]:
    """The file that is meant, and the fragment that names what is meant in it. A file may have # in its name too."""
    path, _, fragment = where.partition("#")
    return (Path(path), fragment) if fragment and not Path(where).exists() else (Path(where), "")


def joined(url: str, header: str) -> str:
    """A URL that a header of an answer names. http.client reads headers as Latin-1; URLs in them are UTF-8."""
    try:
        return urljoin(url, quote(header.strip().encode("latin-1"), safe=KEPT + "\\"))
    except ValueError as error:
        raise SourceFailed(url, f"names {header!r}, which is not a URL: {error}") from error


def _host(name: str, bracketed: bool) -> str:
    """A host as it is looked up. ValueError if it is none."""
    if bracketed:
        return str(ipaddress.IPv6Address(name))
    host = name.encode("idna").decode("ascii").lower().removesuffix(".")
    if not NAME.fullmatch(host):
        raise ValueError(f"{name!r} is no host")
    return host
