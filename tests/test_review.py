"""People judge pairs in a browser and in a terminal: what they say is written at once, and can be undone."""

import io
import json
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.test import Client

from conftest import TINY, identifiers, publish
from reviewed import PAIRS, guess, keys_of, lines, reviewed
from solld import release, site
from solld.cli import main
from solld.errors import NotFound
from solld.formats.view import Value
from solld.link import judgements
from solld.link.judgements import DIFFERENT, MACHINE, RELATED, SAME, UNDO, UNSURE, Judgement, Pair, pair
from solld.model import Settings
from solld.review import page, waiting
from solld.review.desk import Desk
from solld.review.sides import Side, rows
from solld.review.waiting import Wish
from solld.service import open_service
from solld.web import review


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The site with its pairs; not to be changed."""
    folder = tmp_path_factory.mktemp("prepared") / "site"
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("var"))
    return reviewed(site.load(folder))


@pytest.fixture
def paired(prepared: Settings, tmp_path: Path) -> Settings:
    shutil.copytree(prepared.folder, tmp_path / "site", symlinks=True)
    return site.load(tmp_path / "site")


def desk_of(settings: Settings, who: str = "Léa", machine: bool = False, wish: Wish = Wish()) -> Desk:  # noqa: B008
    opened = release.current(settings)
    assert opened
    desk = Desk(open_service(settings, opened), who)
    desk.fill(wish, machine)
    return desk


def named(desk: Desk, two: Pair | None) -> list[str]:
    keys = keys_of(desk.service.settings)
    return sorted(keys[each] for each in two or ())


# The order of the work ------------------------------------------------------------------------------------------------


def test_the_likeliest_come_first_and_then_what_is_related(paired: Settings) -> None:
    desk = desk_of(paired)
    assert [named(desk, each) for each in desk.pairs] == [[f"c{n}", f"l{n}"] for n in range(PAIRS)]
    ids = identifiers(paired)
    judgements.record(paired, [said(ids, "l0", "c0", UNSURE)], lambda each: True)
    assert named(desk, desk.next()) == ["c1", "l1"]  # whoever judged it
    assert len(desk_of(paired).pairs) == PAIRS - 1


def said(ids: dict[str, str], one: str, other: str, verdict: str, who: str = "Ada") -> Judgement:
    return Judgement(ids[one], ids[other], verdict, who, "2026-11-25T10:00:00Z", "", "0.97", "rules 1")


def test_only_what_is_wished_for_comes(paired: Settings) -> None:
    assert len(desk_of(paired, wish=Wish(least=0.8)).pairs) == 6
    assert len(desk_of(paired, wish=Wish(most=0.8)).pairs) == PAIRS - 5
    assert len(desk_of(paired, wish=Wish(frozenset({"charts", "lights"}))).pairs) == PAIRS
    assert len(desk_of(paired, wish=Wish(frozenset({"charts"}))).pairs) == PAIRS
    assert desk_of(paired, wish=Wish(frozenset({"charts", "others"}))).pairs == []


def test_pairs_of_one_thing_come_one_after_another() -> None:
    found = waiting.together([("a", "b"), ("c", "d"), ("b", "e"), ("x", "y"), ("d", "e")])
    assert found == [("a", "b"), ("b", "e"), ("c", "d"), ("d", "e"), ("x", "y")]


def test_what_a_machine_judged_can_be_looked_at(paired: Settings) -> None:
    ids = identifiers(paired)
    judgements.record(paired, [said(ids, "l0", "c0", SAME, MACHINE), said(ids, "l1", "c1", SAME)], lambda each: True)
    publish(paired).close()
    desk = desk_of(paired, machine=True)
    assert [named(desk, each) for each in desk.pairs] == [["c0", "l0"]]
    found = page.view(desk, desk.pairs[0], "en")
    assert {found.one.title.text, found.other.title.text} == {"Feu numéro 0", "Lighthouse number 0"}  # each its own
    shown = {value.text for row in found.rows for value in (*row.one, *row.other)}
    assert "20.5" in shown
    assert not any("feux.example/run" in text for text in shown)  # by which run it came is bookkeeping
    desk.judge(desk.pairs[0], DIFFERENT)
    assert desk.next() is None


def test_what_is_withdrawn_does_not_come(paired: Settings) -> None:
    main(["withdraw", identifiers(paired)["l0"], "--why", "gone", "--site", str(paired.folder)])
    publish(paired).close()
    desk = desk_of(paired)
    assert len(desk.pairs) == PAIRS - 1
    with pytest.raises(NotFound):
        page.view(desk, pair(identifiers(paired)["l0"], identifiers(paired)["c0"]), "en")


# What is written ------------------------------------------------------------------------------------------------------


def test_undo_gives_back_what_stood_before(paired: Settings) -> None:
    ids = identifiers(paired)
    judgements.record(paired, [said(ids, "l0", "c0", SAME, MACHINE)], lambda each: True)
    desk = desk_of(paired, machine=True)
    first, second = pair(ids["l0"], ids["c0"]), pair(ids["l1"], ids["c1"])
    desk.judge(first, DIFFERENT, "seen")
    desk.judge(second, RELATED)
    assert desk.undo() == second
    assert desk.undo() == first
    assert desk.undo() is None
    assert [row[2] for row in lines(paired)] == [SAME, DIFFERENT, RELATED, UNDO, SAME]
    assert desk.judged.standing.keys() == {first}
    assert desk.undone == 2


def test_two_at_once_lose_nothing(paired: Settings) -> None:
    desks = [desk_of(paired, who) for who in ("Ada", "Léa")]

    def work(desk: Desk, mine: list[Pair]) -> None:
        for each in mine:
            assert desk.judge(each, SAME)

    parts = (desks[0].pairs[::2], desks[0].pairs[1::2])
    threads = [threading.Thread(target=work, args=each) for each in zip(desks, parts, strict=True)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(desks[0].judged.standing) == PAIRS
    assert {row[3] for row in lines(paired)} == {"Ada", "Léa"}
    assert desks[0].next() is None


def test_what_somebody_else_judged_meanwhile_is_not_written_over(paired: Settings) -> None:
    mine, other = desk_of(paired), desk_of(paired, "Ada")
    first = mine.pairs[0]
    assert other.judge(first, DIFFERENT, seen="")
    assert not mine.judge(first, SAME, seen="")
    assert [row[3] for row in lines(paired)] == ["Ada"]


# Over HTTP ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def client(paired: Settings) -> Client:
    """A client that has the cookie."""
    client = Client(review.create_app(desk_of(paired), "key", {"localhost"}))
    assert client.get("/?key=key").status_code == 303
    return client


def token_of(text: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', text)
    assert found
    return found[1]


def test_nobody_else_gets_in(paired: Settings, client: Client) -> None:
    first = client.get("/").headers["Location"]
    text = client.get(first).text
    fine = {"token": token_of(text), "seen": "", "verdict": "same"}
    assert Client(client.application).get("/").status_code == 403
    assert Client(client.application).get("/?key=other").status_code == 403
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 403
    assert client.post(first, data=fine | {"token": "x"}).status_code == 403
    assert client.post(first, data=fine, headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.post(first, data=fine, headers={"Origin": "null"}).status_code == 403
    assert client.post(first, data=fine | {"verdict": "undo"}).status_code == 400
    assert client.post("/pair/a/b", data=fine).status_code == 404
    assert lines(paired) == []
    assert client.post(first, data=fine | {"why": " the  same\nkeeper "}).status_code == 303
    assert lines(paired) == [["c0", "l0", "same", "Léa", "the same keeper"]]
    answer = client.get(first)
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_stale_page_writes_nothing_and_says_so(paired: Settings, client: Client) -> None:
    first = client.get("/").headers["Location"]
    text = client.get(first).text
    desk_of(paired, "Ada").judge(pair(*first.split("/")[2:]), DIFFERENT)
    answer = client.post(first, data={"token": token_of(text), "seen": "", "verdict": "same"})
    assert answer.status_code == 409
    assert "Ada" in answer.text
    assert [row[3] for row in lines(paired)] == ["Ada"]


@pytest.mark.parametrize(("language", "words"), [("fr", "Des noms proches"), ("en", "Similar names")])
def test_the_page_says_why_in_words_of_the_reader(client: Client, language: str, words: str) -> None:
    first = client.get("/").headers["Location"]
    text = client.get(first, headers={"Accept-Language": language}).text
    assert words in text
    assert f'<html lang="{language}">' in text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text
    other = {"fr": "en", "en": "fr"}[language]
    assert f'<html lang="{other}">' in client.get(f"{first}?lang={other}").text
    assert f'<html lang="{other}">' in client.get(first, headers={"Accept-Language": language}).text


# In the terminal ------------------------------------------------------------------------------------------------------


def test_the_terminal_takes_letters(
    paired: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("s the same keeper\nnonsense\nr\nu\nd\nl\n"))
    assert main(["review", "--terminal", "--who", "Léa", "--lang", "en", "--site", str(paired.folder)]) == 0
    shown = capsys.readouterr().out
    assert "+ Similar names: Phare numéro 0 · Feu numéro 0" in shown.replace(
        "Feu numéro 0 · Phare numéro 0", "Phare numéro 0 · Feu numéro 0"
    )
    assert "3 of 14" in shown
    assert [row[:1] + row[2:] for row in lines(paired)] == [
        ["c0", "same", "Léa", "the same keeper"],
        ["c1", "related", "Léa", ""],
        ["c1", "undo", "Léa", ""],
        ["c1", "different", "Léa", ""],
        ["c2", "unsure", "Léa", ""],
    ]


def test_a_pair_is_asked_for_by_its_identifiers(
    paired: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = identifiers(paired)
    monkeypatch.setattr(sys, "stdin", io.StringIO("d\nq\n"))
    two = [f"https://lights.example/id/{ids['stiff']}", ids["pharos"]]
    assert main(["review", "--terminal", "--pair", *two, "--who", "Léa", "--site", str(paired.folder)]) == 0
    assert lines(paired) == [["pharos", "stiff", "different", "Léa", ""]]
    capsys.readouterr()
    assert main(["review", "--terminal", "--pair", "x", "y", "--site", str(paired.folder)]) == 2
    assert "'x' was never issued" in capsys.readouterr().err
    assert main(["review", "--terminal", "--who", MACHINE, "--site", str(paired.folder)]) == 2


# In a browser ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def url(paired: Settings) -> Iterator[str]:
    """The address that a running solld review prints."""
    command = [sys.executable, "-m", "solld", "review", "--json", "--who", "Léa", "--site", str(paired.folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    told = json.loads(process.stdout.readline())
    assert told["pairs"] == PAIRS
    yield told["url"]
    process.terminate()
    process.wait(10)


def at(opened: Page) -> Pair:
    one, other = opened.url.partition("?")[0].split("/")[-2:]
    return one, other


def test_ten_judgements_with_the_keyboard(paired: Settings, browser: Browser, url: str) -> None:
    opened = browser.new_page()
    opened.goto(url)
    assert "key=" not in opened.url
    seen = [at(opened)]
    for key in "srdlsrdlss":
        with opened.expect_navigation():
            opened.keyboard.press(key)
        seen.append(at(opened))
    assert all(one != other for one, other in pairwise(seen))
    words = {"s": "same", "r": "related", "d": "different", "l": "unsure"}
    assert [row[2] for row in lines(paired)] == [words[key] for key in "srdlsrdlss"]
    with opened.expect_navigation():
        opened.keyboard.press("u")
    assert at(opened) == seen[9]
    assert lines(paired)[-1][2] == "undo"
    with opened.expect_navigation():
        opened.keyboard.press("j")
    assert at(opened) == seen[10]
    with opened.expect_navigation():
        opened.keyboard.press("ArrowLeft")
    opened.keyboard.press("?")
    assert opened.locator("#keys").get_attribute("open") is not None
    opened.locator("#why").focus()
    opened.keyboard.type("s r")  # a reason is no verdict
    with opened.expect_navigation():
        opened.get_by_role("button", name="Same").click()
    assert lines(paired)[-1][2:] == ["same", "Léa", "s r"]
    assert "10 of 14" in opened.locator(".progress").inner_text()
    opened.close()


def test_it_works_without_scripts_and_the_focus_goes_in_reading_order(
    paired: Settings, browser: Browser, url: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(url)
    order = opened.locator("a[href], button, input:not([type=hidden]), summary")
    names = [each.get_attribute("value") or each.get_attribute("class") or "" for each in order.all()]
    assert names.index("same") < names.index("related") < names.index("different") < names.index("unsure")
    opened.get_by_role("button", name="Related").click()
    opened.get_by_role("button", name="Undo").click()
    assert [row[2] for row in lines(paired)] == ["related", "undo"]
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_for_everybody_and_asks_nobody_else(
    prepared: Settings, browser: Browser, axe: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    server, url = review.server(desk_of(prepared))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    opened = browser.new_page(viewport={"width": width, "height": 844}, color_scheme=scheme, locale="fr")
    said: list[str] = []
    asked: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(url)
    assert said == []
    assert all(each.startswith("http://127.0.0.1:") for each in asked)
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    opened.evaluate(axe)
    found = opened.evaluate("axe.run()")
    assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []
    opened.close()
    server.shutdown()
    server.server_close()


def test_it_says_when_there_is_nothing(paired: Settings) -> None:
    desk = desk_of(paired)
    for each in desk.pairs:
        desk.judge(each, SAME)
    client = Client(review.create_app(desk, "key", {"localhost"}))
    client.get("/?key=key")
    assert "There is nothing to judge." in client.get("/?lang=en").text
    guess(paired)
    assert desk_of(paired).pairs == []


@pytest.mark.parametrize(
    ("one", "other", "state"),
    [
        (Value("www.moulin.fr", href="https://www.moulin.fr/", external=True),
         Value("moulin.fr", href="http://moulin.fr", external=True), "agree"),
        (Value("Évry-Courcouronnes"), Value("EVRY COURCOURONNES"), "agree"),
        (Value("Афины"), Value("Afiny"), "agree"),
        (Value("Via Niccolò Tommaseo 7"), Value("Via Tommaseo 7"), "partly"),
        (Value("Rennes"), Value("Lyon"), "differ"),
    ],
)  # fmt: skip
def test_a_word_between_two_cells_says_whether_they_agree(one: Value, other: Value, state: str) -> None:
    mine, theirs = (
        Side("a", value, "", (), (("what", (value,)), ("only", (value,) if value is one else ())))
        for value in (one, other)
    )
    assert [(row.name, row.state) for row in rows(mine, theirs, "", "")] == [("what", state), ("only", "one")]
