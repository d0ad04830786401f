"""What can go wrong, with the facts in attributes and the HTTP status on the class.

SolldError
├── NotFound         404  never issued, or no such path
├── Gone             410  issued once, withdrawn since
├── NotAcceptable    406  no format that the client accepts
├── MethodNotAllowed 405
├── BadQuery         400  a query or parameter that cannot be read
│   ├── Refused      403  understood, and not allowed here (SERVICE, updates)
│   ├── BadSyntax    400  a query that the engine cannot read
│   ├── UnknownFunction 400  a function that the engine does not have
│   ├── Unsupported  415  a media type that the endpoint does not read
│   └── Unimplemented 501  a format that a standard allows not to have
├── LimitHit              a limit of the service, with its name and value
│   ├── TooComplex   400  a query that nests too deep or has too many patterns
│   ├── TooLarge     413  a query that is too long
│   ├── TooLong      414  the same, in an address
│   ├── TooMany      429  more queries than one client may have waiting
│   ├── Stopped      503  a query over its time or memory
│   ├── Overloaded   503  no place is free, for anybody
│   └── CutOff       501  the server under this endpoint would give a part of the rows
├── BadSite          exit 2  site.toml, a dataset description or the command line is wrong
├── BadData          exit 1  the data have violations that stop the build
├── Busy             exit 3  another build holds the site
├── SourceFailed     exit 3  what another directory publishes cannot be read
├── Unavailable      503  a part of the service is being started
├── BrokenAnswer     500  an answer ended in the middle: the transfer is broken off
├── Unanswerable     501  a right query that the server under this endpoint cannot answer rightly
└── StoreFailed      500  the store or the disk failed
    └── ServerFailed 502  the server that holds the release failed
"""

from collections.abc import Mapping
from typing import Any


class SolldError(Exception):
    """The base: `status` for HTTP, `title` for RFC 9457, `exit_code` for the command line."""

    status = 500
    title = "Internal error"
    exit_code = 3


class NotFound(SolldError):
    status = 404
    title = "Not found"

    def __init__(self, path: str, hint: str = ""):
        self.path, self.hint = path, hint

    def __str__(self) -> str:
        return f"nothing has ever been published at {self.path}" + (f"; {self.hint}" if self.hint else "")


class Gone(SolldError):
    status = 410
    title = "Gone"

    def __init__(self, iri: str, date: str = "", why: str = "", last: str = ""):
        self.iri, self.date, self.why, self.last = iri, date, why, last  # `last` is the path of its last version

    def __str__(self) -> str:
        when = f" on {self.date}" if self.date else ""
        why = f" ({self.why})" if self.why else ""
        return f"{self.iri} was published once and has been withdrawn{when}{why}; its address stays reserved"


class NotAcceptable(SolldError):
    status = 406
    title = "No acceptable format"

    def __init__(self, accept: str, offers: tuple[str, ...]):
        self.accept, self.offers = accept, offers

    def __str__(self) -> str:
        return f"you accept {self.accept!r}; this has {', '.join(self.offers)}"


class MethodNotAllowed(SolldError):
    status = 405
    title = "Method not allowed"

    def __init__(self, method: str, allowed: tuple[str, ...]):
        self.method, self.allowed = method, allowed

    def __str__(self) -> str:
        return f"{self.method} is not allowed here; allowed: {', '.join(self.allowed)}"


class BadQuery(SolldError):
    status = 400
    title = "Bad request"

    def __init__(self, reason: str):
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


class Refused(BadQuery):
    status = 403
    title = "Refused"


class BadSyntax(BadQuery):
    title = "The query cannot be read"

    def __init__(self, complaint: str):
        self.complaint = complaint  # as the engine says it

    def __str__(self) -> str:
        return f"the query cannot be read: {self.complaint}"


class UnknownFunction(BadQuery):
    title = "Unknown function"


class Unsupported(BadQuery):
    status = 415
    title = "Unsupported media type"


class Unimplemented(BadQuery):
    status = 501
    title = "Not implemented"


class LimitHit(SolldError):
    """A limit was hit: `name` is its key in site.toml, `retry_after` seconds until another try makes sense, or 0."""

    def __init__(self, reason: str, name: str, value: float, unit: str, retry_after: int = 0):
        self.reason, self.name, self.value, self.unit, self.retry_after = reason, name, value, unit, retry_after

    def __str__(self) -> str:
        return f"{self.reason}; the limit is {self.value:g} {self.unit} ({self.name})"


class TooComplex(LimitHit):
    status = 400
    title = "The query is too complex"


class TooLarge(LimitHit):
    status = 413
    title = "Too large"


class TooLong(LimitHit):
    status = 414
    title = "The address is too long"


class TooMany(LimitHit):
    status = 429
    title = "Too many queries at once"


class Stopped(LimitHit):
    status = 503
    title = "The query was stopped"


class Overloaded(LimitHit):
    status = 503
    title = "Too many queries at the moment"


class CutOff(LimitHit):
    status = 501
    title = "The answer would be partial"


class Unavailable(SolldError):
    status = 503
    title = "Not ready"

    def __init__(self, reason: str, retry_after: int):
        self.reason, self.retry_after = reason, retry_after

    def __str__(self) -> str:
        return self.reason


class BrokenAnswer(SolldError):
    title = "The answer broke off"

    def __init__(self, reason: str):
        self.reason = reason

    def __str__(self) -> str:
        return f"the answer broke off: {self.reason}"


class BadSite(SolldError):
    title = "The site is wrong"
    exit_code = 2

    def __init__(self, path: object, reason: str, line: int = 0):
        self.path, self.reason, self.line = path, reason, line

    def __str__(self) -> str:
        return f"{self.path}{f':{self.line}' if self.line else ''}: {self.reason}"


class BadData(BadSite):
    title = "The data are wrong"
    exit_code = 1


class Busy(SolldError):
    title = "Another build is running"

    def __init__(self, path: object, holder: str):
        self.path, self.holder = path, holder

    def __str__(self) -> str:
        return f"{self.path}: another build of this site is running ({self.holder}); nothing was done"


class SourceFailed(SolldError):
    """What another directory publishes cannot be read; `place` says what or where."""

    status = 502
    title = "Source failed"

    def __init__(self, place: object, reason: str):
        self.place, self.reason = str(place), reason

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


class StoreFailed(SolldError):
    title = "The store failed"

    def __init__(self, path: object, reason: str):
        self.path, self.reason = path, reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class ServerFailed(StoreFailed):
    status = 502
    title = "The server of the data failed"


class NotListening(SolldError):
    title = "The server cannot be reached at this address"

    def __init__(self, host: str, port: int, reason: str):
        self.host, self.port, self.reason = host, port, reason

    def __str__(self) -> str:
        return f"cannot listen at {self.host} port {self.port}: {self.reason}"


class Unanswerable(SolldError):
    status = 501
    title = "The server of the data cannot answer this"

    def __init__(self, reason: str):
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


def facts(error: SolldError) -> Mapping[str, Any]:
    """An error as plain data, to be told to another process; `again` makes it an error again."""
    return {"error": type(error).__name__, "facts": vars(error)}


def again(told: Mapping[str, Any]) -> SolldError:
    """The error that another process told."""
    kinds: dict[str, type[SolldError]] = {kind.__name__: kind for kind in _kinds(SolldError)}
    return kinds[told["error"]](**told["facts"])


def _kinds(kind: type[SolldError]) -> list[type[SolldError]]:
    return [kind, *(below for each in kind.__subclasses__() for below in _kinds(each))]
