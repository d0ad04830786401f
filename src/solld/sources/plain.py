"""Texts without what editors and spreadsheets left in them: markup, entities, signs that stand for nothing."""

import re
from html import unescape

NOTHING = frozenset("n/a #n/a n.a. [nd] (none) null nan undefined - -- --- – — ? . … #ref! #value! #name?".split())
ENDS = re.compile(r"<(?:br\s*/?|/p|/div|/li|/h[1-6]|/tr|hr\s*/?)>", re.IGNORECASE)
TAG = re.compile(
    r"</?(?:p|br|b|i|u|a|em|strong|div|span|ul|ol|li|h[1-6]|table|tbody|tr|td|th|img|blockquote|hr|font|small|sup|sub)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")


def plain(cell: str) -> str:
    """The text of a cell; "" if there is none."""
    text = cell
    if "<" in text and TAG.search(text):
        text = TAG.sub("", ENDS.sub("\n", text))
        text = "\n".join(filter(None, (" ".join(line.split()) for line in text.splitlines())))
    if "&" in text and ENTITY.search(text):
        text = unescape(text)
    text = text.strip()
    return "" if len(text) < 12 and text.casefold() in NOTHING else text
