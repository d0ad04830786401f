"""HTTP to a SPARQL server: connections that are kept, Basic and Digest credentials, answers read in chunks.

SPARQLWrapper, which the house plan names, opens a connection for each request (1.2 ms instead of 0.25 with an oxigraph
beside it, and a page asks ten times), keeps its Digest credentials in the process's global opener, and speaks no Graph
Store Protocol.
"""

import base64
import http.client
import re
import ssl
import threading
import urllib.request
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from urllib.parse import SplitResult, urlencode, urlsplit

from solld.errors import ServerFailed, Stopped

FORM = "application/x-www-form-urlencoded"
IDLE = 32  # connections kept open between requests
RETRY_AFTER = 10  # seconds
SAID = 200  # characters of a server's own message that we pass on
CHALLENGED = 401


@dataclass(frozen=True)
class Place:
    """Where a server is and who we are there: the table [store] of site.toml."""

    query: str
    update: str = ""
    graph_store: str = ""
    user: str = ""
    password_file: str = ""
    kind: str = ""


class Answer:
    """An answer whose body is still to be read. ServerFailed if it breaks off."""

    def __init__(self, client: "Client", url: str, connection: http.client.HTTPConnection):
        self._client, self._url, self._connection = client, url, connection
        self._response = connection.getresponse()
        self.status, self.headers = self._response.status, self._response.headers
        self._done = False

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes, b"" at the end; never less than what the server said it would send."""
        try:
            data = self._response.read(None if size < 0 else size)
        except TimeoutError as error:
            self.close()
            raise silent(self._client.seconds) from error
        except (http.client.HTTPException, OSError) as error:
            self.close()
            raise ServerFailed(self._url, f"its answer broke off: {error!r}") from error
        if (not data and size) or size < 0:
            if self._response.length:
                self.close()
                raise ServerFailed(self._url, f"its answer broke off, {self._response.length} bytes before its end")
            self._finish()
        return data

    def _finish(self) -> None:
        if not self._done:
            self._done = True
            if self._response.will_close:
                self._connection.close()
            else:
                self._client.give_back(self._url, self._connection)

    def close(self) -> None:
        """Ends the transfer; a connection with an unread rest cannot be used again."""
        if not self._done:
            self._done = True
            self._connection.close()

    def __enter__(self) -> "Answer":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


class Client:
    """Asks servers over HTTP; shared by the threads of a process."""

    def __init__(self, seconds: float, user: str = "", password_file: str = ""):
        self.seconds = seconds  # without a byte
        self._user = user
        self._password = Path(password_file).read_text(encoding="utf-8").strip() if password_file else ""
        self._idle: deque[tuple[tuple[str, str], http.client.HTTPConnection]] = deque(maxlen=IDLE)
        self._lock = threading.Lock()
        self._challenges: dict[str, str] = {}  # URL without its query -> WWW-Authenticate
        self._digest = urllib.request.HTTPDigestAuthHandler(_passwords(self._user, self._password))

    def request(
        self,
        method: str,
        url: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        writes: bool = False,
    ) -> Answer:
        """One request, which must bear to be asked twice. ServerFailed if there is no answer.

        A user's password is shown where the server asks for it, a token only with what writes.
        """
        place = urlsplit(url)
        headers = dict(headers or {})
        if writes and self._password and not self._user:
            headers["Authorization"] = f"Bearer {self._password}"
        if self._user and body and place.path not in self._challenges:
            self._greet(url, place)
        answer = self._sent(method, url, place, body, headers)
        if answer.status == CHALLENGED and self._user and answer.headers["WWW-Authenticate"]:
            self._challenges[place.path] = _best(answer.headers.get_all("WWW-Authenticate", []))
            answer.close()
            answer = self._sent(method, url, place, body, headers)
        return answer

    def _greet(self, url: str, place: SplitResult) -> None:
        # Some servers close the connection on a long body that comes without credentials, before one can read the 401.
        with self._sent("GET", url, place, None, {}) as answer:
            challenges = answer.headers.get_all("WWW-Authenticate", []) if answer.status == CHALLENGED else []
            self._challenges[place.path] = _best(challenges)

    def _sent(self, method: str, url: str, place: SplitResult, body: bytes | None, headers: dict[str, str]) -> Answer:
        target = (place.path or "/") + (f"?{place.query}" if place.query else "")
        if authorization := self._authorization(method, url, place):
            headers = headers | {"Authorization": authorization}
        headers = headers | {"User-Agent": "solld"}
        while True:
            connection, fresh = self._connection(place)
            try:
                connection.request(method, target, body, headers)
                return Answer(self, url, connection)
            except TimeoutError as error:
                connection.close()
                raise silent(self.seconds) from error
            except (http.client.HTTPException, OSError) as error:
                connection.close()
                if fresh:  # one that was kept may have been closed by the server meanwhile
                    raise ServerFailed(url, f"there is no answer: {error}") from error

    def _connection(self, place: SplitResult) -> tuple[http.client.HTTPConnection, bool]:
        key = (place.scheme, place.netloc)
        with self._lock:
            for found in reversed(self._idle):
                if found[0] == key:
                    self._idle.remove(found)
                    return found[1], False
        if place.scheme == "https":
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(place.netloc, timeout=self.seconds, context=context), True
        return http.client.HTTPConnection(place.netloc, timeout=self.seconds), True

    def give_back(self, url: str, connection: http.client.HTTPConnection) -> None:
        place = urlsplit(url)
        with self._lock:
            if len(self._idle) < IDLE:
                self._idle.append(((place.scheme, place.netloc), connection))
                return
        connection.close()

    def _authorization(self, method: str, url: str, place: SplitResult) -> str:
        challenge = self._challenges.get(place.path, "")
        scheme, _, parameters = challenge.partition(" ")
        if scheme.lower() == "basic":
            return "Basic " + base64.b64encode(f"{self._user}:{self._password}".encode()).decode()
        if scheme.lower() == "digest":
            facts = urllib.request.parse_keqv_list(urllib.request.parse_http_list(parameters))
            with self._lock:
                made = self._digest.get_authorization(urllib.request.Request(url, method=method), facts)
            return f"Digest {made}"
        return ""

    def close(self) -> None:
        with self._lock:
            while self._idle:
                self._idle.popleft()[1].close()


def _passwords(user: str, password: str) -> urllib.request.HTTPPasswordMgrWithDefaultRealm:
    class One(urllib.request.HTTPPasswordMgrWithDefaultRealm):
        """The same for every realm: a client has one place."""

        def find_user_password(self, realm: str | None, authuri: str | list[str]) -> tuple[str | None, str | None]:
            return user, password

    return One()


def _best(challenges: list[str]) -> str:
    known = [c for c in challenges if c.lower().startswith(("digest ", "basic"))]
    return next((c for c in known if c.lower().startswith("digest ")), known[0] if known else "")


def silent(seconds: float) -> Stopped:
    reason = "the server under this endpoint sent nothing in time"
    return Stopped(reason, "sparql.seconds", seconds, "seconds", RETRY_AFTER)


def form(pairs: list[tuple[str, str]]) -> bytes:
    return urlencode(pairs).encode()


def message_of(answer: Answer) -> str:
    """The first line of a server's own words, without the query that some repeat."""
    text = answer.read(4096).decode("utf-8", "replace")
    plain = re.sub(r"<[^>\s]*>", "", re.split(r"\s*SPARQL query:", text)[0]) if "<html" in text.lower() else text
    lines = [" ".join(line.split()) for line in plain.split("SPARQL query:")[0].splitlines() if line.strip()]
    return (lines[0] if lines else "without a word")[:SAID]
