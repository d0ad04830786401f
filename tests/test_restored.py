"""A release as it was: served again from the history alone, long after its folder is gone."""

import json
import shutil
from pathlib import Path

import pytest

from conftest import identifiers, publish
from lives import lives
from serving import Server, serving
from solld import index, release, restored, site, verify
from solld.cli import main
from solld.model import Settings
from solld.plan import Say
from solld.service import open_service
from test_versions import edit

QUIET: Say = lambda text: None  # noqa: E731
PATHS = [f".{extension}" for extension in ("ttl", "jsonld", "nt", "nq", "trig", "json", "rdf")]


def asked(server: Server, path: str, accept: str = "*/*") -> tuple[int, bytes]:
    answer = server.ask("", path=path, Accept=accept)
    return answer.status, answer.read()


@pytest.fixture
def once(tiny: Settings) -> Settings:
    """A site that keeps one release on the disk."""
    (tiny.folder / "site.toml").open("a").write("\n[releases]\nkeep = 1\n")
    return site.load(tiny.folder)


def test_a_release_of_long_ago_answers_as_it_did(once: Settings) -> None:
    publish(once).close()
    ids = identifiers(once)
    paths = [f"/doc/{i}{extension}" for i in ids.values() for extension in PATHS]
    paths += ["/catalog.ttl", "/ns.ttl", "/dataset/lights.ttl", "/redirects.csv", "/tombstones.csv", "/changes.json"]
    paths += [f"/id/{ids['pharos']}", "/doc/scheme/owners/state.ttl", "/dump/merged.nq.gz", "/export/standard.csv"]
    count = "/sparql?query=SELECT%20(COUNT(*)%20AS%20%3Fn)%20WHERE%20%7B%3Fs%20%3Fp%20%3Fo%7D&format=csv"
    with serving(once.folder, "--workers", "1") as server:
        before = {path: asked(server, path) for path in (*paths, count)}
    main(["merge", ids["pharos"], ids["creach"], "--why", "the same", "--site", str(once.folder)])
    for old, new in (("54.850", "55.1"), ("55.1", "55.2"), ("55.2", "55.3")):
        edit(once, old, new)
        publish(once).close()
    assert release.numbers(once) == [3, 4]
    with serving(once.folder, "--workers", "1", "--release", "1") as server:
        for path, answer in before.items():
            assert asked(server, path) == answer, path
        assert json.loads(asked(server, "/health")[1])["release"] == 1
        edit(once, "55.3", "55.4")
        publish(once).close()  # which does not change what is served here
        assert asked(server, f"/doc/{ids['creach']}.ttl") == before[f"/doc/{ids['creach']}.ttl"]
    with serving(once.folder, "--workers", "1") as server:
        assert asked(server, f"/id/{ids['pharos']}")[0] == 301


def found(folder: Path, word: str) -> list[tuple[str, bytes]]:
    """What the index of a release has by a word."""
    names = index.Names(folder / "names", index.VERSION)
    return sorted((hit.iri, hit.record) for hit in names.near(index.Wanted([word]), 100))


def test_whatever_happened_every_release_can_be_made_again(tiny: Settings, life: int) -> None:
    (tiny.folder / "site.toml").open("a").write("\n[releases]\nkeep = 20\n")
    settings = site.load(tiny.folder)
    for _ in lives(settings, life, 6):
        pass
    for number in release.numbers(settings):
        folder = release.folder_of(settings, number)
        old = release.load(folder)
        words = ("a", "b", "c", "stiff", "creach", "state")
        names = {word: found(folder, word) for word in words}
        shutil.rmtree(folder)
        new = restored.make(settings, number, QUIET)
        for key in ("quads", "names", "digest", "built", "release", "changes", "base"):
            assert new.manifest[key] == old.manifest[key], key
        assert verify.verify(settings, number) == []
        assert {word: found(folder, word) for word in words} == names
        open_service(settings, new).close()


def test_a_release_that_never_was_is_not_made(tiny: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    publish(tiny).close()
    assert main(["serve", "--release", "7", "--site", str(tiny.folder)]) == 2
    assert "there never was a release 7" in capsys.readouterr().err


def test_one_that_was_not_made_whole_is_no_release(once: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(once).close()
    for old, new in (("54.850", "55.1"), ("55.1", "55.2")):
        edit(once, old, new)
        publish(once).close()
    assert release.numbers(once) == [2, 3]

    def fail(folder: Path, manifest: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(release, "write_manifest", fail)
        with pytest.raises(KeyboardInterrupt):
            restored.make(once, 1, QUIET)
    assert release.numbers(once) == [2, 3]
    assert restored.make(once, 1, QUIET).number == 1
    assert main(["rollback", "1", "--site", str(once.folder)]) == 0
    served = release.current(once)
    assert served
    assert served.number == 1
