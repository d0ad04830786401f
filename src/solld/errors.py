"""What can go wrong, with the facts in attributes and the HTTP status on the class.

SolldError
├── NotFound        404  never issued, or no such path
├── Gone            410  issued once, withdrawn since
├── NotAcceptable   406  no format that the client accepts
├── MethodNotAllowed 405
├── BadQuery        400  a query or parameter that cannot be read
├── Refused         403  understood, and not allowed here (SERVICE, updates)
├── TooLarge        413
├── Unsupported     415  a media type that the endpoint does not read
├── TooMany         429  more queries at once than one client may run
├── TooSlow         503  a query over its limit of time or memory
├── BadSite         exit 2  site.toml, a dataset description or the command line is wrong
├── BadData         exit 1  the data have violations that stop the build
├── Busy            exit 3  another build holds the site
└── StoreFailed     500  the store or the disk failed
"""


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

    def __init__(self, iri: str):
        self.iri = iri

    def __str__(self) -> str:
        return f"{self.iri} was published once and has been withdrawn; its address stays reserved"


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


class TooLarge(BadQuery):
    status = 413
    title = "Too large"


class Unsupported(BadQuery):
    status = 415
    title = "Unsupported media type"


class TooMany(BadQuery):
    status = 429
    title = "Too many queries at once"


class TooSlow(SolldError):
    status = 503
    title = "The query was stopped"

    def __init__(self, limit: str, retry_after: int):
        self.limit, self.retry_after = limit, retry_after  # retry_after in seconds

    def __str__(self) -> str:
        return f"the query was stopped at the limit: {self.limit}"


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


class StoreFailed(SolldError):
    title = "The store failed"

    def __init__(self, path: object, reason: str):
        self.path, self.reason = path, reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"
