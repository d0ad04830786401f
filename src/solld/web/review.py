"""Where a person judges pairs, in a browser on the same machine and nowhere else: `solld review`.

Who has no key gets nothing; a page of another site can neither read this nor write here, whatever name it has for this
machine (DNS rebinding): the Host of each request is held against that of the server, and forms have a token.
"""

import hmac
import logging
import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.serving import BaseWSGIServer, make_server

from solld import negotiate
from solld.addresses import normalise
from solld.errors import BadQuery, MethodNotAllowed, NotFound, Refused, SolldError
from solld.link.judgements import DIFFERENT, RELATED, SAME, UNSURE, Pair, pair
from solld.review import page
from solld.review.desk import Desk
from solld.web import protection
from solld.web.operations import static

HOST = "127.0.0.1"
POLICY = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; script-src 'self'; form-action 'self'"
POLICY += "; base-uri 'none'; frame-ancestors 'none'"
SAID = (SAME, RELATED, DIFFERENT, UNSURE)
LONGEST = 10_000  # bytes of a form


def server(desk: Desk, port: int = 0) -> tuple[BaseWSGIServer, str]:
    """A server on the loopback interface, and the address that a browser is to open. BadSite if the port is taken."""
    key = secrets.token_urlsafe(24)
    hosts: set[str] = set()
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # the address, which has the key, stays out of logs
    found = make_server(HOST, port, create_app(desk, key, hosts), threaded=True)
    hosts.update({f"{HOST}:{found.server_port}", f"localhost:{found.server_port}"})
    return found, f"http://{HOST}:{found.server_port}/?key={key}"


def create_app(desk: Desk, key: str, hosts: set[str]) -> Flask:
    """The application; `hosts` are the names that it answers to."""
    app = Flask("solld-review", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LONGEST
    token = secrets.token_urlsafe(24)
    app.before_request(lambda: _guard(key, token, hosts))
    app.after_request(_headers)
    app.register_error_handler(SolldError, _told)
    app.register_error_handler(404, lambda error: _told(NotFound(request.path)))
    app.register_error_handler(405, lambda error: _told(MethodNotAllowed(request.method, ("GET", "POST"))))
    app.add_url_rule("/static/<path:name>", view_func=static)
    _pages(app, desk, token)
    return app


def _pages(app: Flask, desk: Desk, token: str) -> None:
    def shown(found: Pair | None, notice: str = "", status: int = 200) -> Response:
        language = _language(desk)
        body = page.write(desk, page.view(desk, found, language) if found else None, language, token, notice)
        return Response(body, status, content_type="text/html; charset=utf-8")

    @app.get("/")
    def first() -> Response:
        return _kept(_see(page.address(desk.next())) if desk.next() else shown(None))

    @app.get("/pair/<one>/<other>")
    def one_pair(one: str, other: str) -> Response:
        return _kept(shown(_pair(desk, one, other)))

    @app.post("/pair/<one>/<other>")
    def judge(one: str, other: str) -> Response:
        two, verdict = _pair(desk, one, other), request.form.get("verdict", "")
        if verdict not in SAID:
            raise BadQuery(f"a verdict is one of {', '.join(SAID)}, not {verdict!r}")
        why = " ".join(request.form.get("why", "").split())
        if not desk.judge(two, verdict, why, request.form.get("seen")):
            return shown(two, "review_meanwhile", 409)
        following = desk.next(two)
        return _see(page.address(following) or "/")

    @app.post("/undo")
    def undo() -> Response:
        return _see(page.address(desk.undo()) or "/")


def _pair(desk: Desk, one: str, other: str) -> Pair:
    found = pair(normalise(one), normalise(other))
    if one == other or not all(map(desk.is_issued, found)):
        raise NotFound(request.path, "a pair is two identifiers that were issued")
    return found


def _guard(key: str, token: str, hosts: set[str]) -> Response | None:
    """Refuses who has no key, another name for this machine, or a form that is not ours."""
    if request.host not in hosts:
        raise Refused("this is for a browser on the same machine")
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc not in hosts:
        raise Refused("this form is of another site")
    cookie = _cookie()
    given = request.args.get("key", "")
    if given and hmac.compare_digest(given.encode(), key.encode()):
        answer = _see(request.path)  # without the key, which is not to stay in the history of a browser
        answer.set_cookie(cookie, key, httponly=True, samesite="Strict", path="/")
        return answer
    if not hmac.compare_digest(request.cookies.get(cookie, "").encode(), key.encode()):
        raise Refused("open the address that solld review printed; it has a key")
    if request.method == "POST" and not hmac.compare_digest(request.form.get("token", "").encode(), token.encode()):
        raise Refused("this form is an old one; load the page again")
    return None


def _cookie() -> str:
    # Cookies are shared by the ports of a machine, so each server has a name of its own.
    return f"solld-review-{urlsplit('//' + request.host).port}"


def _language(desk: Desk) -> str:
    offered = desk.service.settings.languages
    asked = request.args.get("lang", "") or request.cookies.get("solld-lang", "")
    return negotiate.choose_language(request.headers.get("Accept-Language", ""), asked, offered)


def _kept(answer: Response) -> Response:
    """The same answer, which has the browser remember the language that was asked for."""
    if request.args.get("lang"):
        answer.set_cookie("solld-lang", request.args["lang"][:20], samesite="Strict", httponly=True, path="/")
    return answer


def _see(path: str) -> Response:
    return Response(status=303, headers={"Location": path})


def _told(error: SolldError) -> Response:
    return Response(f"{error}\n", error.status, content_type="text/plain; charset=utf-8")


def _headers(response: Response) -> Response:
    headers = response.headers
    headers.update(protection.headers_of(response.mimetype or ""))
    headers["Content-Security-Policy"] = POLICY
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if response.mimetype in ("text/html", "text/plain"):
        headers["Cache-Control"] = "no-store"
    return response
