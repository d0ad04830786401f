"""How harvesting behaves towards other servers: [harvest] of site.toml."""

from dataclasses import dataclass

MEGABYTE = 2**20
PAGE = 32 * MEGABYTE  # bytes of one page, which is held in memory
LIMITED = "harvest.megabytes"  # the setting of what one answer may have
LONGEST_WAIT = 60.0  # seconds that a server may ask for, by Crawl-delay or Retry-After


@dataclass(frozen=True)
class Limits:
    agent: str = "solld (+https://solld.invalid/)"  # User-Agent; its first word is the product token in robots.txt
    seconds: float = 120  # for one answer, from the request to its last byte
    bytes: int = 512 * MEGABYTE  # of one answer, also when it is unpacked
    redirects: int = 5  # that are followed for one answer
    wait: float = 1.0  # seconds from the start of a request to the start of the next to the same host
    retries: int = 2  # of 429, of 503, and of connections that break before an answer
    allow: frozenset[str] = frozenset()  # host or host:port whose address may be private
    ignore_robots: frozenset[str] = frozenset()  # host or host:port whose operator asked to be harvested


@dataclass(frozen=True)
class Most:
    """How many bytes an answer may have, and the words that say which limit this is."""

    bytes: int
    name: str

    def __str__(self) -> str:
        number = f"{self.bytes / MEGABYTE:g} MB" if self.bytes >= MEGABYTE else f"{self.bytes} bytes"
        return f"{number} ({self.name})"
