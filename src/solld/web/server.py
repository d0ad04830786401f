"""Serves the current release with granian, and changes to a newly published one without a pause."""

import logging
import os
import threading
import time
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces

from solld import release, site
from solld.errors import BadSite
from solld.model import Settings
from solld.service import Service, open_service
from solld.web import create_app
from solld.web.cache import Application, CachedApplication

VARIABLE = "SOLLD_SITE"  # the one environment variable: worker processes find the site by it
# More than the cores, which granian warns of: most of them wait for the process that runs their query. All the queries
# that may run or wait (see [sparql]) leave some for documents, which are made one at a time.
THREADS = 16
LOOK = 0.25  # seconds between looks at var/current


class Current:
    """The service over the current release; opens another when var/current points elsewhere."""

    def __init__(self, settings: Settings):
        self.settings = settings
        self._lock = threading.Lock()
        self._looked = 0.0
        self._link = ""
        self._service: Service | None = None

    def __call__(self) -> Service:
        now = time.monotonic()
        if self._service is None or now - self._looked > LOOK:
            with self._lock:
                self._look(now)
        assert self._service is not None
        return self._service

    def _look(self, now: float) -> None:
        self._looked = now
        link = self.settings.var / "current"
        target = os.readlink(link) if link.is_symlink() else ""
        if self._service is not None and target == self._link:
            return
        opened = release.current(self.settings)
        if opened is None:
            raise BadSite(self.settings.var, release.NO_RELEASE)
        before, self._service, self._link = self._service, open_service(self.settings, opened), target
        if before:
            before.pool.close()  # its store closes when the last request over it ends


def application(settings: Settings) -> Application:
    """The whole WSGI application of a site."""
    current = Current(settings)
    current()
    return CachedApplication(create_app(current).wsgi_app, current, settings.cache_bytes)


def from_environment() -> Application:
    """What a granian worker process loads."""
    return application(site.load(Path(os.environ[VARIABLE])))


def serve(settings: Settings, host: str, port: int, workers: int) -> None:
    """Serves until it is stopped. BadSite if there is no release."""
    if release.current(settings) is None:
        raise BadSite(settings.var, release.NO_RELEASE)
    os.environ[VARIABLE] = str(settings.folder.absolute())
    logging.getLogger("_granian").addFilter(lambda record: "Python threads" not in record.getMessage())
    Granian(
        "solld.web.server:from_environment",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        factory=True,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        log_access=False,
    ).serve()


def folder_from_environment() -> Path | None:
    """The site folder that SOLLD_SITE names."""
    return Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None
