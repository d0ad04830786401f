"""What a mistake in the grammar most likely is, in words, and what to write instead.

Each adviser looks at one kind of mistake and gives a message and a hint, or nothing; the first that knows decides.
"""

import difflib
import re
from collections.abc import Callable, Sequence
from functools import cache

from solld.sparql.grammar import CLASSES, load
from solld.sparql.mistake import IRI, SHOWN, Mistake, expectation, said
from solld.sparql.outline import Outline
from solld.sparql.saying import Saying, say
from solld.sparql.tokens import OPENING, Token, unclosed

Advice = tuple[Saying, Saying]  # a message, and a hint
LIKE = 0.78  # of difflib's ratio, from which on a word is taken for a misspelt one: GRUOP is 0.8 of GROUP
TERMS = {"VAR", "IRIREF", "PNAME_LN", "PNAME_NS", "STRING", "INTEGER", "DECIMAL", "DOUBLE", "SIGNED", "BLANK", "ANON"}
UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH")
MODIFIERS = ("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET")
FOREIGN = {  # words and signs of other languages, and what SPARQL has
    "AND": say("write &&"),
    "OR": say("write ||"),
    "LIKE": say('write CONTAINS(?x, "text") or REGEX(?x, "pattern")'),
    "IS": say("write BOUND(?x), or !BOUND(?x)"),
    "NULL": say("write BOUND(?x), or !BOUND(?x)"),
    "JOIN": say("patterns in one group are joined already"),
    "TOP": say("write LIMIT at the end"),
    "&": say("write &&"),
    "%": say("there is no remainder of a division"),
    "==": say("equality is written with one ="),
    "!==": say("write !="),
    "<>": say("not equal is written !="),
}
QUOTES = "“”„‟‘’‚«»"
INVISIBLE = {
    "\u00a0": say("no-break space"),
    "\u202f": say("narrow no-break space"),
    "\ufeff": say("byte order mark"),
    "\u200b": say("zero width space"),
}


def advise(outline: Outline) -> tuple[Token, Saying, Saying]:
    """The token where the query departs from the grammar, what is wrong, and what to do."""
    assert outline.parse.at is not None
    mistake = Mistake(outline, outline.parse.at)
    message, hint = next(filter(None, (adviser(mistake) for adviser in ADVISERS)))
    return mistake.token, message, hint


def _update(mistake: Mistake) -> Advice | None:
    if "SELECT" in mistake.expected and mistake.token.says(*UPDATES):
        return (say("updates are refused here: this service is read-only"), say("data enter by publishing a release"))
    return None


def _string(mistake: Mistake) -> Advice | None:
    token = mistake.token
    if token.kind != "BAD" or token.text[0] not in "\"'":
        return None
    quote = token.text[:3] if token.text[:3] in ('"""', "'''") else token.text[0]
    hint = say("write {} at its end", quote)
    if len(quote) == 1:
        hint = say("{}; a string of several lines stands between {} and {}", hint, quote * 3, quote * 3)
    return (say("the string that begins here is not closed"), hint)


def _character(mistake: Mistake) -> Advice | None:
    token = mistake.token
    if token.kind != "BAD":
        return None
    if token.text in QUOTES:
        return (say("{} is not a quotation mark of SPARQL", token.text), say("write \" or '"))
    if token.text[0] in INVISIBLE:
        return (
            say("an invisible character stands here: {}", INVISIBLE[token.text[0]]),
            say("delete it, or write a space"),
        )
    if token.text == "@":
        return (say("a language tag is missing after @"), say('like "maison"@fr'))
    if token.text in FOREIGN:
        return (say("{} is not an operator of SPARQL", said(token)), FOREIGN[token.text])
    return None


def _iri(mistake: Mistake) -> Advice | None:
    if mistake.token.text != "<" or not mistake.expected & IRI:
        return None
    text = mistake.outline.text
    end = re.compile(r"<[^<>\"{}|^`\\\x00-\x20]*").match(text, mistake.token.start)
    assert end
    sign = text[end.end() : end.end() + 1]
    if sign in ("", "\n", "\r"):
        return (say("the IRI that begins here is not closed"), say("write > at its end"))
    name = say("a space") if sign == " " else repr(sign)
    return (
        say("the IRI that begins here is not closed before {}, which an IRI may not hold", name),
        say("write > at its end, or %20 for a space"),
    )


def _foreign(mistake: Mistake) -> Advice | None:
    token, before = mistake.token, mistake.before
    joined = before.text + token.text if before.end == token.start else token.text
    for text in (joined, token.text.upper()):
        if text in FOREIGN:
            return (say("{} is not an operator of SPARQL", say("“{}”", text)), FOREIGN[text])
    if before.says("NOT"):
        return (say("NOT stands only before EXISTS and IN"), say("write !{}", token.text))
    return None


def _bracket(mistake: Mistake) -> Advice | None:
    opened, wrong = unclosed(mistake.outline.tokens[: mistake.at + 1])
    token = mistake.token
    if token.kind == "END" and opened:
        last = opened[-1]
        missing = "".join(OPENING[each.text] for each in reversed(opened[-SHOWN:]))
        return (
            say("the query ends while the {} of {} is open", last.text, mistake.where(last)),
            say("write {} where it ends", missing),
        )
    if wrong is token and opened:
        last = opened[-1]
        return (
            say("{} stands here while the {} of {} is open", token.text, last.text, mistake.where(last)),
            say("write {} before it, or delete it", OPENING[last.text]),
        )
    if wrong is token:
        return (
            say("this {} closes nothing", token.text),
            say("delete it, or look for a bracket that was closed too early"),
        )
    return None


def _late(mistake: Mistake) -> Advice | None:
    """ORDER BY and its like in a group, or in the wrong order."""
    token = mistake.token
    if not token.says(*MODIFIERS):
        return None
    order = say("GROUP BY, HAVING, ORDER BY, LIMIT and OFFSET stand at the end of the query, in this order")
    opened, _ = unclosed(mistake.outline.tokens[: mistake.at])
    if opened:
        return (
            say(
                "{} cannot stand here: the {} of {} is open",
                token.text.upper(),
                opened[-1].text,
                mistake.where(opened[-1]),
            ),
            say("write {} before it; {}", OPENING[opened[-1].text], order),
        )
    return (say("{} cannot stand here", token.text.upper()), order)


def _prologue(mistake: Mistake) -> Advice | None:
    token, before = mistake.token, mistake.before
    if token.kind == "LANGTAG" and token.text.lower() in ("@prefix", "@base"):
        return (
            say("{} is Turtle", token.text),
            say("write {}, without @ and without a point at the end", token.text[1:].upper()),
        )
    if token.text in (".", ";") and before.kind == "IRIREF" and "PREFIX" in mistake.expected:
        return (say("{} cannot stand after PREFIX", token.text), say("delete it"))
    if mistake.expected == {"<PNAME_NS>"}:
        return (
            say("a prefix ends in a colon"),
            say("like PREFIX {}: <http://example.org/>", token.text.partition(":")[0] or "ex"),
        )
    if token.says("PREFIX", "BASE"):
        return (say("{} stands at the beginning", token.text.upper()), say("move it before SELECT"))
    return None


def _projection(mistake: Mistake) -> Advice | None:
    """What goes wrong between SELECT and WHERE."""
    token = mistake.token
    if "AS" in mistake.expected and token.text == ")":
        return (
            say("an expression needs a name here"),
            say("write AS ?name before the bracket, like (COUNT(?x) AS ?count)"),
        )
    if not mistake.inside("SelectClause"):
        return None
    if token.text == ",":
        return (say("variables of SELECT are separated by spaces"), say("delete the comma"))
    if token.kind == "WORD" and (token.text.upper() in CLASSES or token.says("COUNT", "GROUP_CONCAT", "BOUND", "NOT")):
        return (say("{} stands in SELECT without brackets", token.text), say("write ({}(?x) AS ?name)", token.text))
    return None


def _misspelt(mistake: Mistake) -> Advice | None:
    token, word = mistake.token, mistake.token.text.upper()
    if token.kind != "WORD" or word in known_words():
        return None
    here = {each for each in mistake.expected if each.isupper() and each[0] != "<"}
    here |= {function for function, terminal in CLASSES.items() if terminal in mistake.expected}
    near = difflib.get_close_matches(word, sorted(here), 1, LIKE)
    if not near and "<VAR>" not in mistake.expected:
        near = difflib.get_close_matches(word, sorted(known_words()), 1, LIKE)
    return (say("{} is not a word of SPARQL", said(token)), say("did you mean {}?", near[0])) if near else None


def _bare(mistake: Mistake) -> Advice | None:
    token = mistake.token
    if "<VAR>" not in mistake.expected or not token.text.isidentifier() or token.text.upper() in known_words():
        return None
    if token.kind == "WORD" and mistake.after.text == "(":
        return (
            say("there is no function {}", said(token)),
            say("functions of an extension are IRIs, like geof:distance"),
        )
    return (
        say("{} is neither a variable nor a prefixed name", said(token)),
        say("write ?{} for a variable, or prefix:{}", token.text, token.text),
    )


@cache
def known_words() -> frozenset[str]:
    """All keywords and functions."""
    return frozenset({*load().keywords, *CLASSES})


def _filter(mistake: Mistake) -> Advice | None:
    if mistake.before.says("FILTER", "HAVING") and mistake.token.kind in TERMS:
        return (
            say("{} needs brackets", mistake.before.text.upper()),
            say("write {}({} …)", mistake.before.text.upper(), mistake.token.text),
        )
    return None


def _triple(mistake: Mistake) -> Advice | None:
    token, expected = mistake.token, mistake.expected
    if mistake.inside("Triples") and "." in expected and (token.kind in TERMS or token.text in ("(", "[", "<<")):
        return (
            say("a triple ended before this"),
            say("write . between two triples; or ; before another property, or , before another value"),
        )
    if mistake.inside("Triples") and token.text in (".", ";", "}", ",", "END") and "<STRING>" in expected:
        return (say("the triple has no object"), say("a triple is a subject, a property and an object"))
    if mistake.inside("Triples") and "a" in expected and token.text in (".", ";", "}", ","):
        return (say("the triple has no property and no object"), say("a triple is a subject, a property and an object"))
    return None


def _place(mistake: Mistake) -> Advice | None:
    token, expected = mistake.token, mistake.expected
    if "{" in expected and len(expected) <= 3 and token.text != "{":
        return (say("a group is missing here"), say("write {} before the patterns and {} after them", "{", "}"))
    if token.text == ";" and "<END>" in expected:
        return (say("; cannot stand at the end of a query"), say("delete it"))
    if token.kind == "END" and mistake.at == 0:
        return (say("there is no query"), say("begin with SELECT, ASK, CONSTRUCT or DESCRIBE"))
    return None


def _anything(mistake: Mistake) -> Advice:
    token = mistake.token
    what = say("the query ends too early") if token.kind == "END" else say("{} cannot stand here", said(token))
    return what, expectation(mistake.expected)


ADVISERS: Sequence[Callable[[Mistake], Advice | None]] = (
    _update,
    _string,
    _iri,
    _prologue,
    _foreign,
    _character,
    _bracket,
    _late,
    _projection,
    _filter,
    _misspelt,
    _bare,
    _triple,
    _place,
    _anything,
)
