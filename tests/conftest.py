"""Fixtures. The tiny site is about lighthouses: what passes with it proves that the engine knows no vocabulary."""

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from werkzeug.test import Client, TestResponse

from browsing import CHROMIUM, FLAGS, Contexts
from served import OPENED, Served
from serving import serving
from solld import build, release, site
from solld.model import Settings
from solld.service import Service, open_service
from visited import Visited, visited

ROOT = Path(__file__).parents[1]
TINY = ROOT / "tests" / "sites" / "tiny"
AXE = ROOT / "tests/clients/node_modules/axe-core/axe.min.js"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--lives", type=int, default=6, help="random histories of the tiny site for each test of them")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that has a `life` is run with so many of them."""
    if "life" in metafunc.fixturenames:
        metafunc.parametrize("life", range(metafunc.config.getoption("--lives")))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files of few tests first: these tests are long, and nobody is to wait for one of them at the end."""
    number = Counter(item.path for item in items)
    items.sort(key=lambda item: (number[item.path], item.path))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of third-party files that tests read; in CI a missing one is a failure."""
    folder = Path(os.environ.get("SOLLD_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"the shared files are not at {folder}")
        pytest.skip(f"the shared files are not at {folder}; set SOLLD_SHARED")
    return folder


@pytest.fixture(scope="session")
def ldes_client() -> Path:
    """The client of event streams that followers use."""
    client = ROOT / "tests/clients/node_modules/.bin/ldes-client"
    if not client.exists() or not shutil.which("node"):
        if os.environ.get("CI"):
            pytest.fail("ldes-client is not installed; make test does that")
        pytest.skip("ldes-client is not installed")
    return client


def needed(found: object, name: str) -> None:
    """Skips where a program of the tests is not installed; in CI that is a failure."""
    if not found:
        if os.environ.get("CI"):
            pytest.fail(f"{name} is not installed; make test does that")
        pytest.skip(f"{name} is not installed")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium, one for each file: two of Playwright's sync clients do not live in one thread."""
    needed(CHROMIUM.exists(), "chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def contexts(browser: Browser) -> Contexts:
    return Contexts(browser)


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core."""
    needed(AXE.exists(), "axe-core")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture(scope="session", autouse=True)
def everything_closed() -> Iterator[None]:
    """No process of a test outlives the tests."""
    yield
    for served in tuple(OPENED):
        served.close()


@pytest.fixture
def tiny(tmp_path: Path) -> Settings:
    """A copy of the tiny site that a test may change."""
    shutil.copytree(TINY, tmp_path / "site", ignore=shutil.ignore_patterns("var"))
    return site.load(tmp_path / "site")


@dataclass(frozen=True)
class Published:
    """A published site with a client that asks it without a network."""

    settings: Settings
    service: Service
    client: Client
    ids: dict[str, str]  # source key -> identifier
    close: Callable[[], None] = lambda: None

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


def publish(settings: Settings) -> Published:
    """Builds, publishes and opens a site."""
    outcome = build.build(settings)
    assert outcome.release is not None
    opened = open_service(settings, release.publish(settings, outcome.release.number))
    served = Served(settings, opened)
    return Published(settings, opened, Client(served), identifiers(settings), served.close)


def identifiers(settings: Settings) -> dict[str, str]:
    """source key -> identifier, over all datasets."""
    lines = [line for path in settings.folder.glob("data/*/ids.csv") for line in path.read_text().splitlines()[1:]]
    return {key: identifier for identifier, key, _ in (line.split(",") for line in lines)}


@pytest.fixture(scope="session")
def lights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    """The tiny site, published once; not to be changed."""
    folder = tmp_path_factory.mktemp("lights") / "site"
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("var"))
    published = publish(site.load(folder))
    yield published
    published.close()


@pytest.fixture(scope="session")
def visit(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Iterator[Visited]:
    """The bundled site with a past, served; not to be changed."""
    made = visited(tmp_path_factory.mktemp("visited") / "site", shared / "seeds")
    with serving(made.settings.folder, "--workers", "1") as server:
        yield replace(made, host=f"127.0.0.1:{server.port}")


@pytest.fixture(scope="session")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    """The site that comes with solld, published once; not to be changed."""
    folder = tmp_path_factory.mktemp("bundled") / "site"
    for name in ("data", "ontology", "queries"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "site.toml", folder)
    published = publish(site.load(folder))
    yield published
    published.close()
