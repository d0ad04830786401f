"""Texts without what editors and spreadsheets left in them: markup, entities, signs that stand for nothing."""

import re
from html import unescape

NOTHING = frozenset(
    "n/a,#n/a,n.a.,n/d,n.d.,s/d,n.c.,k.a.,n.v.t.,nvt,[nd],(none),null,nan,undefined,-,--,---,–,—,?,.,…,#ref!,#value!,#name?,"
    "néant,neant,non renseigné,non renseignée,non communiqué,inconnu,aucun,aucune,keine angabe,keine angaben,unbekannt,"
    "sin datos,sin información,no consta,no tiene,ninguno,ninguna,sense dades,nessuno,nessuna,non disponibile,brak,"
    "brak danych,not available,not applicable,not provided,unknown,não informado,sem informação,não tem".split(",")
)
LONGEST = max(map(len, NOTHING))
UNSEEN = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|$)|<!--.*?(?:-->|$)|<!\[CDATA\[|\]\]>", re.IGNORECASE | re.DOTALL)
ENDS = re.compile(r"<(?:br\s*/?|/p|/div|/li|/h[1-6]|/tr|hr\s*/?)>", re.IGNORECASE)
TAG = re.compile(
    r"</?(?:p|br|b|i|u|s|a|q|em|strong|div|span|ul|ol|li|dl|dt|dd|h[1-6]|table|tbody|thead|tfoot|caption|tr|td|th|img|"
    r"blockquote|hr|font|small|big|sup|sub|section|article|header|footer|main|nav|aside|figure|figcaption|iframe|video|"
    r"picture|source|details|summary|pre|code|center|strike|del|ins|mark|abbr|cite|button|label|svg|path|o:p)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")


def plain(cell: str) -> str:
    """The text of a cell; "" if there is none."""
    text = cell
    if "<" in text:
        text = UNSEEN.sub("", text)
    if "<" in text and TAG.search(text):
        text = TAG.sub("", ENDS.sub("\n", text))
        text = "\n".join(filter(None, (" ".join(line.split()) for line in text.splitlines())))
    if "&" in text and ENTITY.search(text):
        text = unescape(text)
    text = text.strip()
    return "" if len(text) <= LONGEST and text.casefold() in NOTHING else text
