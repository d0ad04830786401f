"""Histories of the tiny site that nobody thought of: lights come, change and go, are judged, merged, withdrawn."""

import random
from collections.abc import Callable, Iterator

from conftest import identifiers
from solld import build
from solld.cli import main
from solld.link import judgements
from solld.link.judgements import Judgement
from solld.model import Settings
from test_versions import LIGHTS

KEYS = tuple(f"l{i}" for i in range(6))


def lives(settings: Settings, seed: int, builds: int, before: Callable[[], None] = lambda: None) -> Iterator[None]:
    """A history, build after build; `before` is called before each."""
    chance = random.Random(seed)
    path = settings.folder / LIGHTS
    head = path.read_text(encoding="utf-8")
    rules = next((settings.folder / "ontology" / "rules").glob("*.rq"))
    rule = rules.read_text(encoding="utf-8")

    def write() -> None:
        lines = []
        for key in KEYS:
            if chance.random() < 0.8:
                lines.append(f'<{key}> a light:Lighthouse ; skos:prefLabel "{chance.choice("abc")}"@en .')
                lines.append(f"<{key}> light:sees <{chance.choice(['creach', key])}> .")
        path.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")

    write()
    for _ in range(builds):
        before()
        build.build(settings)
        yield
        mine = [i for key, i in identifiers(settings).items() if key in (*KEYS, "creach")]
        for _ in range(chance.randint(0, 3)):
            act = chance.choice(["merge", "merge", "withdraw", "restore", "judge", "judge"])
            chosen = chance.sample(mine, 2 if act in ("merge", "judge") else 1)
            if act == "judge":
                verdict = chance.choice(["same", "same", "different", "undo"])
                said = Judgement(
                    chosen[0], chosen[-1], verdict, chance.choice(["solld", "Léa"]), "2026-11-25", "chance"
                )
                judgements.record(settings, [said], lambda identifier: True)
                continue
            main([act, *chosen, "--why", "chance", "--site", str(settings.folder)])  # some cannot be taken
        if chance.random() < 0.6:
            write()
        if chance.random() < 0.2:
            rules.write_text(rule.replace("light:seenBy", chance.choice(["light:seenBy", "light:sees"])))
