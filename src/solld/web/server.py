"""Serves the current release with granian, and changes to a newly published one without a pause."""

import contextlib
import logging
import os
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces, Loops

from solld import release, site
from solld.allocation import give_back
from solld.endpoint.client import Endpoint
from solld.endpoint.dispatcher import EMBEDDED
from solld.errors import BadSite, NotListening, SolldError
from solld.finding.asked import Asked
from solld.model import Settings
from solld.service import Service, open_service
from solld.stores import remote
from solld.web import create_app, home, vocabulary
from solld.web.front import Front
from solld.web.wsgi import Wsgi

FIXED = "SOLLD_RELEASE"  # set by the server itself, for its own processes: the one release that is served
SOCKET = "SOLLD_ENDPOINT"  # set by the server itself, for its own processes: where the dispatcher listens
LOOK = 0.25  # seconds between looks at var/current
STOPPING = 10  # seconds that a web process has to end what it answers when the server is stopped
AGAIN = 0.2  # seconds before a dispatcher that ended is started again
# Seconds that a thread may keep the interpreter from the event loop, which needs it several times for one answer: with
# the usual 5 ms whoever asks while a page is made or a long body read waits 20 ms for what is in memory.
TURN = 0.0001
log = logging.getLogger("solld")


class Current:
    """The service over the current release; a thread opens another when var/current points elsewhere.

    With a number it is that release, and stays it.
    """

    def __init__(self, settings: Settings, number: int | None = None):
        self.settings = settings
        self._number = number
        self._link = ""
        self._service = self._open()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="solld-current", daemon=True)
        self._thread.start()

    def __call__(self) -> Service:
        return self._service

    def _open(self) -> Service:
        self._link = self._target()
        if self._number is not None:
            opened = release.load(release.folder_of(self.settings, self._number))
        else:
            current = release.current(self.settings)
            if current is None:
                raise BadSite(self.settings.var, release.NO_RELEASE)
            opened = current
        service = open_service(self.settings, opened)
        threading.Thread(target=_warm, args=(service,), name="solld-warm", daemon=True).start()
        return service

    def _target(self) -> str:
        link = self.settings.var / "current"
        return os.readlink(link) if link.is_symlink() else ""

    def _follow(self) -> None:
        while not self._ended.wait(LOOK):
            if self._number is None and self._target() not in ("", self._link):
                try:
                    self._service = self._open()  # the store of the one before closes when its last request ends
                except SolldError:
                    log.exception("the release that was published cannot be opened; the one before is served")

    def close(self) -> None:
        self._ended.set()
        self._thread.join()


def _warm(service: Service) -> None:
    """Makes what the first who asks would wait for: where all points are, the views, what queries can name."""
    try:
        service.clouds.warm(service.finder.wanted(Asked()), service.finder.index)
    except SolldError as error:
        log.warning("the map has nothing to show: %s", error)
    try:
        service.views.warm(service.settings.languages)
        for language in service.settings.languages:
            home.front(service, language)
            vocabulary.page(service, language)
    except SolldError as error:
        log.warning("a page that a query makes cannot be made: %s", error)
    try:
        _ = service.completion.used
    except SolldError as error:
        log.warning("editors have nothing to complete with: %s", error)


def application(settings: Settings, endpoint: Path, number: int | None = None) -> Front:
    """The whole ASGI application of a site, whose queries go to the dispatcher at the socket `endpoint`."""
    current = Current(settings, number)
    return Front(current, Wsgi(create_app(current).wsgi_app), Endpoint(endpoint))


def from_environment() -> Front:
    """What a granian worker process loads."""
    # Until granian listens to signals here, the handler of its main process would swallow them: nobody could stop it.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    give_back()
    sys.setswitchinterval(TURN)
    settings, number = site.load(Path(os.environ[site.VARIABLE])), os.environ.get(FIXED)
    if number:
        settings = replace(settings, store_query="")  # on a server there is only what is current
    return application(settings, Path(os.environ[SOCKET]), int(number) if number else None)


def serve(settings: Settings, host: str, port: int, workers: int, number: int | None = None) -> None:
    """Serves the current release, or the one of a number, until it is stopped. BadSite if there is none."""
    opened = release.load(release.folder_of(settings, number)) if number else release.current(settings)
    if opened is None:
        raise BadSite(settings.var, release.NO_RELEASE)
    _free(host, port)
    os.environ.pop(FIXED, None)
    if number:
        os.environ[FIXED] = str(number)
    elif settings.store_query:
        remote.look(settings, opened.folder)
    os.environ[site.VARIABLE] = str(settings.folder.absolute())
    with tempfile.TemporaryDirectory(prefix="solld-") as folder:
        # Before the thread of the dispatcher starts: a process must not be started while the environment is changed.
        os.environ[SOCKET] = str(Path(folder) / "endpoint")
        with dispatching(settings, Path(folder) / "endpoint", EMBEDDED if number else ""):
            _granian(host, port, workers)


def _free(host: str, port: int) -> None:
    """NotListening if the address is none of ours, or another server has it.

    granian shares a port with whoever shares it too (SO_REUSEPORT): two servers would answer every other request.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
            tried.listen()
    except (OSError, OverflowError) as error:
        raise NotListening(host, port, getattr(error, "strerror", None) or str(error)) from error


def _granian(host: str, port: int, workers: int) -> None:
    Granian(
        "solld.web.server:from_environment",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        workers=workers,
        factory=True,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=STOPPING,
        log_access=False,
    ).serve()


@contextlib.contextmanager
def dispatching(settings: Settings, endpoint: Path, store: str = "") -> Iterator[None]:
    """Keeps a dispatcher running, which is started again after an accident."""
    ended = threading.Event()
    keeper = threading.Thread(
        target=_keep, args=(settings, endpoint, store, ended), name="solld-dispatcher", daemon=True
    )
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        keeper.join()


def _keep(settings: Settings, endpoint: Path, store: str, ended: threading.Event) -> None:
    command = [sys.executable, "-m", "solld.endpoint.dispatcher", str(settings.folder.absolute()), str(endpoint), store]
    while not ended.is_set():
        endpoint.unlink(missing_ok=True)
        # Not subprocess.Popen: it waits for a pipe that a web process, forked by granian meanwhile, would hold open.
        process = os.posix_spawn(sys.executable, command, dict(os.environ))
        status = None
        while status is None and not ended.wait(AGAIN):
            status = _status(process, os.WNOHANG)
        if status is None:
            os.kill(process, signal.SIGTERM)
            _status(process, 0)
        else:
            log.error("the process that dispatches queries ended with status %s; another one is started", status)


def _status(process: int, options: int) -> int | None:
    found, status = os.waitpid(process, options)
    return os.waitstatus_to_exitcode(status) if found else None
