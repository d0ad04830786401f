"""Where a query that the grammar allows makes no sense, as an engine sees it: grouping, names given twice, VALUES.

An engine says that something is so and not where. Each function looks for one such thing, and gives the token, what is
wrong and what to do.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from solld.sparql.grammar import CLASSES, Span
from solld.sparql.outline import Outline, name
from solld.sparql.saying import Saying, say
from solld.sparql.tokens import Token

LONGEST = 2_000  # tokens: some looks go through the query for each of its parts
ESCAPE = re.compile(r"(?:[^\\]|\\[tbnrf\"'\\uU])*+(\\.)", re.DOTALL)  # what comes before is well written

Found = tuple[Token, Saying, Saying]  # where, a message, a hint


def senseless(outline: Outline) -> Found | None:
    """The first thing that makes no sense, if one is found."""
    return next(filter(None, (look(outline) for look in LOOKS)), None) if len(outline.tokens) <= LONGEST else None


def _selects(outline: Outline) -> Iterator[tuple[Span, Span]]:
    """Each SELECT with its GROUP BY and what follows: those of an inner SELECT end before those around it."""
    opened: list[Span] = []
    for span in outline.spans("SelectClause", "SolutionModifier"):
        if span.rule == "SelectClause":
            opened.append(span)
        elif opened:
            yield opened.pop(), span


def _grouping(outline: Outline) -> Found | None:
    projected, assigned = (list(outline.spans(rule)) for rule in ("Projected", "Assigned"))
    for select, modifier in _selects(outline):
        words = outline.tokens[select.first : select.last] + outline.tokens[modifier.first : modifier.last]
        grouped = any(token.says("GROUP") for token in words)
        if not grouped and not any(_aggregates(token) for token in words):
            continue
        star = outline.tokens[select.last - 1]
        if star.text == "*":
            return (
                star,
                say("SELECT * cannot stand with GROUP BY"),
                say("name the variables that are grouped, and aggregates"),
            )
        clause = next((s for s in outline.spans("GroupClause") if s.first == modifier.first), None)
        keys = _grouped(outline, clause, assigned) if clause else set()
        for span in projected:
            token = outline.tokens[span.first]
            if select.first <= span.first < select.last and name(token) not in keys:
                hint = say("add {} to GROUP BY, or write (SAMPLE({}) AS ?one)", token.text, token.text)
                return token, say("{} is neither grouped nor aggregated", token.text), hint
    return None


def _aggregates(token: Token) -> bool:
    word = token.text.upper()
    return token.kind == "WORD" and (word in ("COUNT", "GROUP_CONCAT") or CLASSES.get(word) == "<AGGREGATE>")


def _grouped(outline: Outline, clause: Span, assigned: Sequence[Span]) -> set[str]:
    keys = {name(outline.tokens[s.first]) for s in assigned if clause.first <= s.first < clause.last}
    depth = 0
    for token in outline.tokens[clause.first : clause.last]:
        depth += (token.text == "(") - (token.text == ")")
        if token.kind == "VAR" and not depth:
            keys.add(name(token))
    return keys


def _named_twice(outline: Outline) -> Found | None:
    names = sorted(outline.spans("Projected", "Assigned"), key=lambda span: span.first)
    for select, _ in _selects(outline):
        seen: set[str] = set()
        for span in names:
            token = outline.tokens[span.first]
            if not select.first <= span.first < select.last:
                continue
            if name(token) in seen:
                return token, say("SELECT names {} twice", token.text), say("give each expression a name of its own")
            seen.add(name(token))
    return None


def _bound_twice(outline: Outline) -> Found | None:
    """BIND gives a value to a variable that its group has used before."""
    groups: list[Span] = []
    assigned = {span.first: span for span in outline.spans("Assigned")}
    for span in outline.spans("Group", "Pattern"):
        groups = [group for group in groups if group.last > span.first]
        if span.rule == "Group":
            groups.append(span)
        elif outline.tokens[span.first].says("BIND") and groups:
            target = outline.tokens[span.last - 2]
            before = outline.tokens[groups[-1].first : span.first]
            if span.last - 2 in assigned and any(t.kind == "VAR" and name(t) == name(target) for t in before):
                return (
                    target,
                    say("{} has a value already where BIND gives it one", target.text),
                    say("name another variable"),
                )
    return None


def _rows(outline: Outline) -> Found | None:
    """A row of VALUES with more or fewer values than there are variables."""
    variables, values = list(outline.spans("DataVar")), list(outline.spans("DataValue"))
    for block in outline.spans("DataBlock"):
        expected = sum(block.first <= span.first < block.last for span in variables)
        inner = [span.first for span in values if block.first <= span.first < block.last]
        start, count, after = None, 0, False
        for place in range(block.first, block.last):
            token = outline.tokens[place]
            after = after or token.text == "{"
            count += place in inner
            if after and token.text == "(":
                start, count = token, 0
            elif start and token.text == ")" and count != expected:
                return (
                    start,
                    say("this row of VALUES has {} values for {} variables", str(count), str(expected)),
                    say("write UNDEF for none"),
                )
    return None


def _labels(outline: Outline) -> Found | None:
    """A label of a blank node that stands in two groups."""
    seen: dict[str, Span] = {}
    groups = list(outline.spans("Group"))
    opened: list[Span] = []
    for place, token in enumerate(outline.tokens):
        while groups and groups[0].first <= place:
            opened.append(groups.pop(0))
        opened = [group for group in opened if group.last > place] if token.text == "}" else opened
        if token.kind == "BLANK" and opened and seen.setdefault(token.text, opened[-1]) != opened[-1]:
            return token, say("{} stands in another group already", token.text), say("write a variable instead")
    return None


def _overridden(outline: Outline) -> Found | None:
    """SELECT (… AS ?x) where the patterns give ?x a value already."""
    bound = {
        name(token)
        for span in outline.spans("Triples", "DataVar", "GraphName")
        for token in outline.tokens[span.first : span.last]
        if token.kind == "VAR"
    }
    for select, _ in _selects(outline):
        for span in outline.spans("Assigned"):
            token = outline.tokens[span.first]
            if select.first <= span.first < select.last and name(token) in bound:
                return (
                    token,
                    say("SELECT gives {} a value, and so does the pattern", token.text),
                    say("name another variable"),
                )
    return None


def _escapes(outline: Outline) -> Found | None:
    """A backslash in a string that begins no escape, as in patterns of REGEX."""
    for token in outline.tokens:
        wrong = ESCAPE.match(token.text) if token.kind == "STRING" else None
        if wrong:
            moved = Token("STRING", wrong[1], token.start + wrong.start(1))
            return moved, say("{} means nothing in a string", wrong[1]), say("write \\{} for a backslash", wrong[1])
    return None


LOOKS: Sequence[Callable[[Outline], Found | None]] = (
    _escapes,
    _grouping,
    _named_twice,
    _bound_twice,
    _rows,
    _labels,
    _overridden,
)
