"""Every version for ever, and the way to one by date: PERMANENCE 1.2 U9 and 1.3, asked from the outside."""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from itertools import pairwise
from pathlib import Path

import pytest
from werkzeug.http import parse_options_header

from conftest import TINY, Published, publish
from solld import build, history, memento, release, site
from solld.model import Moment, Settings
from solld.rdf import RdfFormat, parse

LIGHTS = Path("data") / "lights" / "lights.ttl"
DATA = ["ttl", "jsonld", "rdf", "nt", "trig", "nq", "json"]
BEGAN = datetime(2026, 1, 1, 12, tzinfo=UTC)
HEIGHTS = ("54.850", "55.1", "55.2")


class Clock:
    """The time of releases: a day later with each."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch):
        self.now = BEGAN
        monkeypatch.setattr(history, "now", lambda: self.now)

    def next_day(self) -> None:
        self.now += timedelta(days=1)


def edit(settings: Settings, old: str, new: str) -> None:
    path = settings.folder / LIGHTS
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    """The tiny site after three releases: the height of Creach changed twice."""
    with pytest.MonkeyPatch.context() as patch:
        clock = Clock(patch)
        folder = tmp_path_factory.mktemp("lived") / "site"
        shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("var"))
        settings = site.load(folder)
        build.build(settings)
        for before, after in pairwise(HEIGHTS):
            clock.next_day()
            edit(settings, before, after)
            published = publish(settings)
        yield published
        published.close()


@pytest.fixture
def creach(lived: Published) -> str:
    return lived.ids["creach"]


def links_of(text: str) -> dict[str, list[tuple[str, dict[str, str]]]]:
    """relation -> (target, parameters) of a Link header or a document in link format."""
    found: dict[str, list[tuple[str, dict[str, str]]]] = {}
    for part in re.split(r",\s*(?=<)", text.strip()):
        target, _, rest = part.partition(">")
        _, options = parse_options_header("x" + rest)
        for relation in options["rel"].split():
            found.setdefault(relation, []).append((target[1:], options))
    return found


def test_a_version_says_what_was_said_then(lived: Published, creach: str) -> None:
    said = [lived.get(f"/version/{creach}/{seq}.nt").text for seq in (1, 2, 3)]
    for text, height in zip(said, ("54.850", "55.1", "55.2"), strict=True):
        assert f'"{height}"' in text
    assert '"55.2"' in lived.get(f"/doc/{creach}.nt").text


@pytest.mark.parametrize("extension", [*DATA, "html"])
def test_a_version_has_every_format_and_the_subject_of_the_thing(lived: Published, creach: str, extension: str) -> None:
    answer = lived.get(f"/version/{creach}/1.{extension}")
    assert answer.status_code == 200
    assert f"https://lights.example/id/{creach}" in answer.text or extension == "jsonld"
    assert creach in answer.text
    assert answer.headers["Content-Location"] == f"/version/{creach}/1.{extension}"


def test_data_of_a_version_never_change_and_say_so(lived: Published, creach: str) -> None:
    for extension in DATA:
        answer = lived.get(f"/version/{creach}/1.{extension}")
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert lived.get(f"/version/{creach}/1.{extension}", If_None_Match=answer.headers["ETag"]).status_code == 304


def test_the_quads_of_a_version_are_the_bytes_of_the_history(lived: Published, creach: str) -> None:
    past = lived.service.past
    assert past is not None
    for seq in (1, 2, 3):
        kept = past.version(f"https://lights.example/id/{creach}", seq)
        assert kept is not None
        body = lived.get(f"/version/{creach}/{seq}.nq").data
        assert body == kept.quads + b"\n"
        assert list(parse(body, format=RdfFormat.N_QUADS))
        lines = body.rstrip(b"\n").split(b"\n")
        assert lines == sorted(lines)


def all_bytes(published: Published) -> dict[str, str]:
    found = {}
    for identifier in sorted(published.ids.values()):
        count = len(json.loads(published.get(f"/doc/{identifier}/versions.json").text)["versions"])
        for seq in range(1, count + 1):
            for extension in DATA:
                answer = published.get(f"/version/{identifier}/{seq}.{extension}")
                path = f"/version/{identifier}/{seq}.{extension}"
                found[path] = f"{answer.status_code} {hashlib.sha256(answer.data).hexdigest()}"
    return found


def test_versions_are_the_same_bytes_after_later_releases_and_on_another_machine(
    tiny: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    before = all_bytes(publish(tiny))
    clock.next_day()
    # Everything that a document shows changes: a fact, a label, a prefix, the name of a property.
    edit(tiny, "54.850", "55.1")
    edit(tiny, '"Creach"@en', '"Créac\'h lighthouse"@en')
    for path in (tiny.folder / "ontology").glob("*.ttl"):
        text = path.read_text(encoding="utf-8")
        path.write_text(
            text.replace("@prefix light:", "@prefix lamp: <https://lamp.example/> .\n@prefix light:", 1).replace(
                '"height"@en', '"altitude"@en'
            ),
            encoding="utf-8",
        )
    later = all_bytes(publish(tiny))
    assert len(later) > len(before)
    assert {path: later[path] for path in before} == before
    # Another machine has the site and the history, and nothing else.
    other = tmp_path / "other"
    shutil.copytree(tiny.folder, other, ignore=shutil.ignore_patterns("releases", "current", "lock"))
    assert all_bytes(publish(site.load(other))) == later


def test_a_page_of_a_version_says_which_it_is(lived: Published, creach: str) -> None:
    page = lived.get(f"/version/{creach}/2.html").text
    assert f'href="/doc/{creach}"' in page
    assert f'href="/doc/{creach}/versions"' in page
    assert "2" in page
    assert "55.1" in page


@pytest.mark.parametrize(
    "path", ["/version/{}/4", "/version/{}/0", "/version/{}/x", "/version/{}/1.xyz", "/version/nope/1"]
)
def test_a_version_that_never_was_is_not_found(lived: Published, creach: str, path: str) -> None:
    assert lived.get(path.format(creach)).status_code == 404


def test_an_identifier_in_capitals_leads_to_the_version(lived: Published, creach: str) -> None:
    answer = lived.get(f"/version/{creach.upper()}/1.ttl")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/version/{creach}/1.ttl")


# All versions, and what changed ---------------------------------------------------------------------------------------


def test_the_versions_are_listed(lived: Published, creach: str) -> None:
    told = json.loads(lived.get(f"/doc/{creach}/versions", Accept="application/json").text)
    assert [v["version"] for v in told["versions"]] == [1, 2, 3]
    assert [v["change"] for v in told["versions"]] == ["created", "updated", "updated"]
    assert [v["time"] for v in told["versions"]] == [(BEGAN + timedelta(days=n)).isoformat() for n in range(3)]
    for extension, syntax in (("ttl", RdfFormat.TURTLE), ("nt", RdfFormat.N_TRIPLES), ("rdf", RdfFormat.RDF_XML)):
        quads = list(parse(lived.get(f"/doc/{creach}/versions.{extension}").data, format=syntax))
        assert sum(q.predicate.value.endswith("isVersionOf") for q in quads) == 3
    page = lived.get(f"/doc/{creach}/versions", Accept="text/html").text
    assert all(f'href="/version/{creach}/{seq}"' in page for seq in (1, 2, 3))


def test_what_changed_is_told_with_its_source(lived: Published, creach: str) -> None:
    told = json.loads(lived.get(f"/doc/{creach}/versions.json?from=1&to=3").text)
    (removed,), (added,) = told["removed"], told["added"]
    assert (removed["object"], added["object"]) == ("54.850", "55.2")
    assert removed["predicate"] == "https://lights.example/ns#height"
    assert added["source"] == "https://lights.example/dataset/lights"
    patch = lived.get(f"/doc/{creach}/versions.rdfp?from=1&to=3").text.splitlines()
    assert [line[:2] for line in patch] == ["TX", "D ", "A ", "TC"]
    page = lived.get(f"/doc/{creach}/versions?from=1&to=3", Accept="text/html").text
    values = r"<dd><del>.*54\.850</del></dd>\s*<dd><ins>.*55\.2</ins></dd>"
    assert re.search(rf"<dt><a [^>]*>height</a></dt>\s*{values}", page)


@pytest.mark.parametrize("query", ["from=1", "from=1&to=9", "from=x&to=1", "to=-1&from=0"])
def test_a_difference_of_what_is_no_version_is_refused(lived: Published, creach: str, query: str) -> None:
    answer = lived.get(f"/doc/{creach}/versions?{query}", Accept="application/json")
    assert answer.status_code == 400
    assert "1 to 3" in answer.text


# Memento --------------------------------------------------------------------------------------------------------------


def date(days: float) -> str:
    return format_datetime(BEGAN + timedelta(days=days), usegmt=True)


def test_a_document_names_its_timegate_and_timemap(lived: Published, creach: str) -> None:
    for path in (f"/doc/{creach}", f"/doc/{creach}.ttl"):
        links = links_of(lived.get(path).headers["Link"])
        assert links["original"][0][0] == f"http://localhost/doc/{creach}"
        assert links["timegate"][0][0] == f"http://localhost/timegate/doc/{creach}"
        target, options = links["timemap"][0]
        assert (target, options["type"]) == (f"http://localhost/timemap/doc/{creach}", "application/link-format")


@pytest.mark.parametrize(
    ("asked", "seq"),
    [(None, 3), (date(-9), 1), (date(0), 1), (date(0.5), 1), (date(1), 2), (date(1.9), 2), (date(99), 3)],
)
def test_the_timegate_leads_to_what_was_current_then(
    lived: Published, creach: str, asked: str | None, seq: int
) -> None:
    answer = lived.get(f"/timegate/doc/{creach}", **({"Accept_Datetime": asked} if asked else {}))
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"http://localhost/version/{creach}/{seq}"
    assert "accept-datetime" in answer.headers["Vary"].lower()
    assert "Memento-Datetime" not in answer.headers
    links = links_of(answer.headers["Link"])
    assert links["original"][0][0] == f"http://localhost/doc/{creach}"
    assert "timemap" in links


@pytest.mark.parametrize(
    "asked", ["yesterday", "2026-01-02", "Thu, 01 Jan 2026 12:00:00 +0100", "", "Thu, 99 Jan 2026 12:00:00 GMT"]
)
def test_a_date_that_is_none_is_refused(lived: Published, creach: str, asked: str) -> None:
    assert lived.get(f"/timegate/doc/{creach}", Accept_Datetime=asked).status_code == 400


def test_a_memento_knows_its_date_and_its_neighbours(lived: Published, creach: str) -> None:
    for seq in (1, 2, 3):
        answer = lived.get(f"/version/{creach}/{seq}.ttl")
        assert parsedate_to_datetime(answer.headers["Memento-Datetime"]) == BEGAN + timedelta(days=seq - 1)
        links = links_of(answer.headers["Link"])
        assert links["original"][0][0] == f"http://localhost/doc/{creach}"
        assert links["first"][0][0] == f"http://localhost/version/{creach}/1"
        assert links["last"][0][0] == f"http://localhost/version/{creach}/3"
        assert ("prev" in links, "next" in links) == (seq > 1, seq < 3)
        assert all("datetime" in options for _, options in links["memento"])


def test_the_timemap_has_every_memento(lived: Published, creach: str) -> None:
    answer = lived.get(f"/timemap/doc/{creach}")
    assert answer.mimetype == "application/link-format"
    links = links_of(answer.text)
    assert [target for target, _ in links["memento"]] == [f"http://localhost/version/{creach}/{n}" for n in (1, 2, 3)]
    assert [options["datetime"] for _, options in links["memento"]] == [date(n) for n in range(3)]
    ((target, options),) = links["self"]
    assert (target, options["from"], options["until"]) == (f"http://localhost/timemap/doc/{creach}", date(0), date(2))
    told = json.loads(lived.get(f"/timemap/doc/{creach}.json").text)
    assert [m["uri"] for m in told["mementos"]["list"]] == [t for t, _ in links["memento"]]


@pytest.mark.parametrize("document", ["ns", "dataset/lights", "doc/scheme/owners/state"])
def test_the_vocabulary_the_datasets_and_concepts_have_a_past_too(lived: Published, document: str) -> None:
    assert lived.get(f"/{document}").status_code == 200
    links = links_of(lived.get(f"/{document}").headers["Link"])
    where = lived.get(links["timegate"][0][0].removeprefix("http://localhost")).headers["Location"]
    answer = lived.get(where.removeprefix("http://localhost") + ".ttl")
    assert answer.status_code == 200
    assert "Memento-Datetime" in answer.headers
    assert lived.get(f"/{document}/versions.json").status_code == 200


def test_what_is_withdrawn_keeps_its_past(tiny: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    identifier = publish(tiny).ids["pharos"]
    clock.next_day()
    edit(tiny, '<pharos> a light:Lighthouse ; skos:prefLabel "Pharos of Alexandria"@en .', "")
    published = publish(tiny)
    gone = published.get(f"/doc/{identifier}")
    assert gone.status_code == 410
    links = links_of(gone.headers["Link"])
    assert links["cite-as"][0][0] == f"https://lights.example/id/{identifier}"
    timegate = links["timegate"][0][0].removeprefix("http://localhost")
    assert published.get(timegate).headers["Location"] == f"http://localhost/version/{identifier}/1"
    assert published.get(f"/version/{identifier}/1.ttl").status_code == 200
    assert published.get(f"/version/{identifier}/2").status_code == 410
    assert json.loads(published.get(f"/doc/{identifier}/versions.json").text)["versions"][-1]["change"] == "removed"
    release.publish(tiny, 1)


def test_a_host_is_told_its_own_addresses(lived: Published, creach: str) -> None:
    for host in ("one.example", "two.example", "one.example"):
        links = links_of(lived.get(f"/doc/{creach}.ttl", Host=host).headers["Link"])
        assert links["timegate"][0][0] == f"http://{host}/timegate/doc/{creach}"


def test_of_what_only_went_there_are_no_mementos() -> None:
    """As of a thing that was erased, while the release before is still served."""
    assert memento.live([Moment(1, 1, datetime(2026, 1, 1, tzinfo=UTC), "removed", "00")]) == []
    assert memento.live([]) == []
