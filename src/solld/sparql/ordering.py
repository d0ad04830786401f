"""The order of a SELECT: what it is sorted by, and the text that gives the same rows in another order."""

from solld.sparql.grammar import Span
from solld.sparql.outline import Outline, name
from solld.sparql.tokens import Token

AGGREGATES = ("COUNT", "SUM", "AVG", "MIN", "MAX")


def order_of(outline: Outline) -> tuple[str, bool] | None:
    """The variable that the rows are sorted by first, and whether downwards; None if by none."""
    clause = _order(outline) if _sortable(outline) else None
    if clause is None:
        return None
    first, *rest = outline.tokens[clause.first + 2 : clause.last]
    if first.kind == "VAR":
        return name(first), False
    if first.says("ASC", "DESC") and len(rest) > 2 and rest[1].kind == "VAR" and rest[2].text == ")":
        return name(rest[1]), first.says("DESC")
    return None


def ordered(outline: Outline, variable: str, downwards: bool) -> str | None:
    """The query whose rows are the same, sorted by a variable of it; None for what cannot be sorted.

    What has a LIMIT becomes a part of the new query, or else other rows would be within the limit.
    """
    if not _sortable(outline) or variable not in outline.variables:
        return None
    text, modifier = outline.text, _modifier(outline)
    clause = f"ORDER BY DESC(?{variable})" if downwards else f"ORDER BY ?{variable}"
    if any(span.last == modifier.last and span.first >= modifier.first for span in outline.spans("LimitOffset")):
        return _wrapped(outline, clause)
    old = _order(outline)
    if old:
        start, end = outline.tokens[old.first].start, outline.tokens[old.last - 1].end
        return text[:start] + clause + text[end:]
    end = outline.tokens[modifier.last - 1].end
    return f"{text[:end]}\n{clause}{text[end:]}"


def counted(outline: Outline) -> frozenset[str]:
    """The variables that an aggregate gives a value to, in whichever SELECT."""
    found, opened = set[str](), list[bool]()  # of each bracket that is open: whether an aggregate stands in it
    for before, token in zip((None, *outline.tokens), outline.tokens, strict=False):
        if token.text == "(":
            opened.append(False)
        elif token.text == ")" and opened:
            inner = opened.pop()
            if opened and inner:
                opened[-1] = True
        elif token.says(*AGGREGATES) and opened:
            opened[-1] = True
        elif token.kind == "VAR" and before and before.says("AS") and opened and opened[-1]:
            found.add(name(token))
    return frozenset(found)


def _sortable(outline: Outline) -> bool:
    return outline.is_query and outline.kind == "select"


def _modifier(outline: Outline) -> Span:
    """The outermost one, which ends last."""
    return [span for span in outline.parse.spans if span.rule == "SolutionModifier"][-1]


def _order(outline: Outline) -> Span | None:
    modifier = _modifier(outline)
    inside = (s for s in outline.spans("OrderClause") if modifier.first <= s.first and s.last <= modifier.last)
    return next(inside, None)


def _wrapped(outline: Outline, clause: str) -> str | None:
    start: Token = outline.tokens[next((span.last for span in outline.spans("Prologue")), 0)]
    select = next(outline.spans("SelectClause"))
    if outline.tokens[select.last].says("FROM"):
        return None  # which may stand outside only
    head, body = outline.text[: start.start], outline.text[start.start :].strip()
    columns = " ".join(f"?{each}" for each in outline.variables)
    return f"{head}SELECT {columns} WHERE {{\n{{\n{body}\n}}\n}}\n{clause}\n"
