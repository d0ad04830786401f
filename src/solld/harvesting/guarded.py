"""Connections to public addresses only: what is resolved is checked, and what was checked is connected to.

A name can lead to a server inside our own network, and can lead elsewhere when it is asked a second time (DNS
rebinding). So a name is resolved once, every address of it is checked, and the socket is opened to the address itself;
the certificate is still checked for the name.
"""

import ipaddress
import socket
import ssl
from collections.abc import Callable
from functools import cache

from solld.errors import SourceFailed
from solld.harvesting.deadline import Deadline
from solld.harvesting.urls import Target

Resolve = Callable[[str, int], list[str]]  # host, port -> addresses; OSError if there are none
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052
# What Python 3.11 calls global though no host of the public is there (IANA special-purpose address registries).
SPECIAL = tuple(
    ipaddress.ip_network(text)
    for text in (
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # 6to4 relays, gone by RFC 7526
        "64:ff9b:1::/48",  # NAT64 of one network, RFC 8215
        "2001::/23",  # protocol assignments, Teredo among them
        "3fff::/20",  # documentation, RFC 9637
        "5f00::/16",  # segment routing, RFC 9602
    )
)


class Unreached(SourceFailed):
    """A server could not be asked or did not answer, whatever it was to be asked."""


class Unanswered(Unreached):
    """No answer came; asking again may help."""


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, as the system knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def addresses(target: Target, resolve: Resolve, allow: frozenset[str]) -> list[str]:
    """The addresses of a target, all of which may be connected to. SourceFailed if one may not."""
    try:
        found = resolve(target.host, target.port)
    except (OSError, UnicodeError) as error:
        raise Unanswered(target.url, f"is at {target.host}, which cannot be found: {_words(error)}") from error
    if not found:
        raise Unanswered(target.url, f"is at {target.host}, which has no address")
    for each in found:
        match kind(each):
            case "":
                pass
            case "private" if target.is_among(allow):
                pass
            case "private":
                advice = "allow it by name in site.toml [harvest] allow"
                raise Unreached(target.url, f"resolves to {each}, which is a private address; {advice}")
            case _:
                raise Unreached(target.url, f"resolves to {each}, which is no address of a server")
    return found


def kind(text: str) -> str:
    """What keeps an address from being asked: "private", "reserved", or "" if it is public."""
    address = _unwrapped(ipaddress.ip_address(text))
    if address.is_loopback or address.is_link_local:
        return "private"
    if address.is_multicast or address.is_unspecified or address.is_reserved:
        return "reserved"
    if any(address.version == each.version and address in each for each in SPECIAL):
        return "reserved"
    if isinstance(address, ipaddress.IPv6Address) and address.is_site_local:
        return "private"
    return "" if address.is_global else "private"


def connected(target: Target, places: list[str], deadline: Deadline) -> socket.socket:
    """A connection to the first of these addresses that takes one. OSError if none does."""
    failure = OSError("there is no address")
    for left, place in zip(range(len(places), 0, -1), places, strict=True):
        try:  # one that is silent leaves time for the others
            return socket.create_connection((place, target.port), deadline.left / left)
        except OSError as error:
            failure = error
    raise failure


def secured(connection: socket.socket, target: Target, context: ssl.SSLContext) -> socket.socket:
    """TLS over a connection, for the name of the target. A body that ends without a word is then cut, not short."""
    return context.wrap_socket(connection, server_hostname=target.host, suppress_ragged_eofs=False)


@cache  # reading what the system trusts takes as long as many an answer
def trusted(ca: str = "") -> ssl.SSLContext:
    """Trusts what the system trusts, and the authorities in the file `ca`."""
    context = ssl.create_default_context()
    if ca:
        context.load_verify_locations(ca)
    return context


def _unwrapped(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for, if it does: packets end there."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _words(error: OSError | UnicodeError) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error)
