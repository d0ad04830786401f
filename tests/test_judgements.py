"""Judgements are kept, undone by later lines, and followed: identifiers lead where they say."""

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solld import fates
from solld.errors import BadData
from solld.fates import Act, Fates
from solld.link import judgements
from solld.link.consequences import WHY, Consequences, follow
from solld.link.judgements import DIFFERENT, MACHINE, RELATED, SAME, UNDO, UNSURE, Judgement, Judgements

IDS = "abcdefg"
MINTED = {each: f"2026-01-0{number}" for number, each in enumerate(reversed(IDS), 1)}  # g is the oldest
DAY = "2026-11-25"


def said(one: str, other: str, verdict: str, who: str = "Léa", score: str = "") -> Judgement:
    return Judgement(one, other, verdict, who, "2026-11-25T10:00:00Z", "why, so", score)


def after(decided: Fates, found: Consequences) -> Fates:
    return fates.replayed((*decided.acts, *found.acts))


def led(*lines: Judgement, decided: Fates = Fates()) -> dict[str, str]:  # noqa: B008
    return dict(after(decided, follow(judgements.of(lines), decided, MINTED, DAY)).merged)


def test_lines_are_added_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "judgements.csv"
    lines = [said("a", "b", SAME), said("b", "c", DIFFERENT, MACHINE, "0.25")]
    known = judgements.read(path, IDS.__contains__)
    assert known == Judgements()
    known = judgements.add(path, known, lines[:1], IDS.__contains__)
    known = judgements.add(path, known, lines[1:], IDS.__contains__)
    assert judgements.read(path, IDS.__contains__) == known
    assert known.lines == tuple(lines)
    assert path.read_text(encoding="utf-8").splitlines()[1] == 'a,b,same,Léa,2026-11-25T10:00:00Z,"why, so",,'


WRONG = {
    "maybe": (["a", "b", "maybe", "Léa", DAY, "", "", ""], "'maybe' is no verdict .field 'verdict'"),
    "nobody": (["a", "b", "same", " ", DAY, "", "", ""], "field 'who'"),
    "itself": (["a", "a", "same", "Léa", DAY, "", "", ""], "is itself"),
    "when": (["a", "b", "same", "Léa", "yesterday", "", "", ""], "field 'when'"),
    "score": (["a", "b", "same", "Léa", DAY, "", "1.5", ""], "field 'score'"),
    "nan": (["a", "b", "same", "Léa", DAY, "", "nan", ""], "field 'score'"),
    "issued": (["a", "z", "same", "Léa", DAY, "", "", ""], "'z' was never issued .field 'other'"),
    "short": (["a", "b", "same"], "a line is one,other"),
}


@pytest.mark.parametrize(("row", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_line_is_named(tmp_path: Path, row: list[str], words: str) -> None:
    path = tmp_path / "judgements.csv"
    path.write_text(",".join(judgements.HEADER) + f"\na,b,same,Léa,{DAY},,,\n{','.join(row)}\n", encoding="utf-8")
    with pytest.raises(BadData, match=words) as wrong:
        judgements.read(path, IDS.__contains__)
    assert wrong.value.line == 3


def test_nothing_is_added_if_a_line_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "judgements.csv"
    with pytest.raises(BadData, match="'z' was never issued"):
        judgements.add(path, Judgements(), [said("a", "b", SAME), said("a", "z", SAME)], IDS.__contains__)
    assert not path.exists()


def test_a_machine_says_nothing_against_a_person(tmp_path: Path) -> None:
    path = tmp_path / "judgements.csv"
    known = judgements.add(path, Judgements(), [said("b", "a", SAME, MACHINE, "0.99")], IDS.__contains__)
    known = judgements.add(path, known, [said("a", "b", DIFFERENT)], IDS.__contains__)
    assert known.standing["a", "b"].verdict == DIFFERENT
    assert judgements.add(path, known, [said("a", "b", SAME, MACHINE)], IDS.__contains__) == known
    known = judgements.add(path, known, [said("a", "b", UNDO)], IDS.__contains__)
    assert known.standing == {}
    assert judgements.add(path, known, [said("a", "b", SAME, MACHINE)], IDS.__contains__) == known
    assert judgements.of((*known.lines, said("a", "b", SAME, MACHINE))).standing == {}


def test_what_is_the_same_leads_to_the_oldest() -> None:
    assert led(said("a", "b", SAME), said("b", "c", SAME)) == {"a": "c", "b": "c"}
    assert led(said("a", "b", RELATED), said("b", "c", UNSURE), said("c", "d", DIFFERENT)) == {}


def test_what_others_lead_to_stays() -> None:
    decided = fates.replayed([Act(DAY, "merge", "c", "a", "by hand")])
    assert led(said("a", "g", SAME), decided=decided) == {"c": "a", "g": "a"}


def test_an_undone_judgement_restores() -> None:
    first = [said("a", "b", SAME), said("b", "c", SAME), said("c", "d", SAME)]
    decided = after(Fates(), follow(judgements.of(first), Fates(), MINTED, DAY))
    assert decided.merged == {"a": "d", "b": "d", "c": "d"}
    assert led(*first, said("b", "c", UNDO), decided=decided) == {"a": "b", "c": "d"}
    assert led(*first, said("b", "c", DIFFERENT), said("d", "c", DIFFERENT), decided=decided) == {"a": "b"}
    assert follow(judgements.of(first), decided, MINTED, DAY) == Consequences((), ())


def test_decisions_by_hand_are_left_alone_until_somebody_judges_the_pair() -> None:
    decided = fates.replayed([Act(DAY, "merge", "c", "a", "by hand")])
    assert led(decided=decided) == {"c": "a"}
    assert led(said("e", "f", SAME), decided=decided) == {"c": "a", "e": "f"}
    assert led(said("a", "c", DIFFERENT), decided=decided) == {}


def test_a_judgement_against_another_is_not_followed() -> None:
    lines = (said("a", "b", SAME), said("b", "c", SAME, MACHINE, "0.99"), said("a", "c", DIFFERENT))
    found = follow(judgements.of(lines), Fates(), MINTED, DAY)
    assert found.refused == (lines[1],)
    assert dict(after(Fates(), found).merged) == {"a": "b"}
    assert all(act.why.startswith(WHY) for act in found.acts)


def test_what_is_withdrawn_is_left_alone() -> None:
    decided = fates.replayed([Act(DAY, "withdraw", "a", "", "gone")])
    assert led(said("a", "b", SAME), decided=decided) == {}
    found = follow(judgements.of([said("a", "b", SAME)]), decided, MINTED, DAY)
    assert found.waiting == (said("a", "b", SAME),)


def test_with_what_is_withdrawn_goes_what_was_judged_to_be_the_same_before() -> None:
    lines = [said("a", "g", SAME), said("b", "g", SAME), said("b", "a", SAME)]
    decided = after(Fates(), follow(judgements.of(lines), Fates(), MINTED, DAY))
    decided = fates.replayed((*decided.acts, Act(DAY, "withdraw", "g", "", "its keeper asked")))
    assert follow(judgements.of(lines), decided, MINTED, DAY) == Consequences((), ())
    apart = [*lines, said("a", "g", UNDO), said("b", "g", UNDO)]
    assert led(*apart, decided=decided) == {"a": "b"}  # which are there again, for they are something else


pairs = st.sampled_from(list(combinations(IDS, 2)))
lines_ = st.lists(
    st.builds(
        lambda two, verdict, who, score: said(two[0], two[1], verdict, who, score),
        pairs,
        st.sampled_from(judgements.VERDICTS),
        st.sampled_from(["Léa", MACHINE]),
        st.sampled_from(["", "0.5", "0.99"]),
    ),
    max_size=25,
)


def decide(decided: Fates, acts: list[Act]) -> Fates:
    """After those of some decisions that can be taken."""
    for act in acts:
        try:
            decided = fates.replayed((*decided.acts, act))
        except fates.Refused:
            continue
    return decided


@given(lines_, st.lists(pairs, max_size=3), st.integers(0, 25), st.sets(st.sampled_from(IDS), max_size=2))
def test_whatever_was_judged_the_view_is_what_stands(
    lines: list[Judgement], hand: list[tuple[str, str]], half: int, gone: set[str]
) -> None:
    decided = decide(Fates(), [Act(DAY, "merge", one, other, "by hand") for one, other in hand])
    for some in (lines[:half], lines):  # as of two days, the second of which knows more
        judged = judgements.of(some)
        found = follow(judged, decided, MINTED, DAY)
        decided = after(decided, found)
        assert follow(judged, decided, MINTED, DAY).acts == ()  # nothing is left to do
        end = {each: decided.merged.get(each, each) for each in IDS}
        for one, other in judged.different:
            assert end[one] != end[other]
        left = {each.pair for each in (*found.refused, *found.waiting)}
        for (one, other), each in judged.standing.items():
            assert each.verdict != SAME or end[one] == end[other] or (one, other) in left
        assert all(each.pair in judged.standing for each in found.waiting)
        assert found.against.keys() == {each.pair for each in found.refused}
        hidden = decided.hidden
        decided = decide(decided, [Act(DAY, "withdraw", each, "", "gone") for each in sorted(gone)])
        assert hidden <= decided.hidden
