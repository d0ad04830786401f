"""A harvest of many requests that breaks off goes on where it was, and no further than is right."""

import os
import time
from pathlib import Path

import pytest

import services
from services import Raw
from solld.errors import SourceFailed
from solld.harvesting import resuming
from solld.harvesting.resuming import Resuming
from solld.sources import Page
from test_harvest import said, solld
from test_sources_services import made, site  # noqa: F401


class Asking:
    """A server of pages, some of which fail once."""

    def __init__(self, failing: str = ""):
        self.failing, self.asked = failing, []  # type: ignore[var-annotated]

    def __call__(self, url: str, accept: str = "*/*", body: bytes = b"", media_type: str = "") -> Page | None:
        self.asked.append(url)
        if url == self.failing:
            self.failing = ""
            raise SourceFailed(url, "breaks off")
        headers = {"x": "é"}
        return None if url.endswith("gone") else Page(url, "text/plain", f"{url} é".encode() + body, "next", headers)


def test_what_was_answered_is_not_asked_again(tmp_path: Path) -> None:
    asking = Asking("http://x/2")
    first = Resuming(asking, tmp_path / "pages")
    one, gone = first("http://x/1"), first("http://x/gone")
    with pytest.raises(SourceFailed):
        first("http://x/2")
    assert first.broke
    second = Resuming(asking, tmp_path / "pages")
    assert second("http://x/1") == one
    assert second("http://x/gone") is gone is None
    assert second("http://x/2")
    assert second("http://x/1", body=b"asked otherwise") != one
    assert (second.resumed, second.broke) == (2, False)
    assert asking.asked == [f"http://x/{each}" for each in ("1", "gone", "2", "2", "1")]
    second.forget()
    assert not (tmp_path / "pages").exists()


def test_what_is_old_is_asked_again(tmp_path: Path) -> None:
    asking = Asking()
    Resuming(asking, tmp_path)("http://x/1")
    (path,) = tmp_path.iterdir()
    long_ago = time.time() - resuming.FRESH - 1
    os.utime(path, (long_ago, long_ago))
    Resuming(asking, tmp_path)("http://x/1")
    assert asking.asked == ["http://x/1", "http://x/1"]


@pytest.mark.parametrize("name", ["murmurations", "openfairdb"])
def test_a_harvest_goes_on_where_it_broke_off(site: Path, name: str) -> None:  # noqa: F811
    service = made(name)
    pages = site / "var" / "harvest" / "here" / "pages"
    with services.running(service) as server:
        assert solld(site, "add-source", server.url(service.home), "--name", "here") == 0
        last = server.paths[-1]
        service.fault = lambda path, said: Raw(b"{}", "500 Internal Server Error") if path == last else said
        assert solld(site, "harvest", "here") == 3
        assert list(pages.iterdir())
        service.fault, before = None, len(server.paths)
        assert solld(site, "harvest", "here") == 0
        assert [path for path in server.paths[before:] if path != "/robots.txt"] == [last]
        assert not pages.exists()
        found, before = said(site, "here"), len(server.paths)
        assert solld(site, "harvest", "here") == 0  # and the next one asks for everything
        assert len(server.paths[before:]) > 3
        assert said(site, "here") == found
        service.fault = lambda path, said: services.HTML if path == last else said
        assert solld(site, "harvest", "here") == 3  # a lie is no reason to trust the rest
        assert not pages.exists()
