"""A card as a page for a frame in pages of others, and what oEmbed tells of it. https://oembed.com/"""

import json
from typing import Any
from xml.etree import ElementTree

from solld.formats.card import HEIGHT, WIDTH, Card, iframe
from solld.formats.html import ENVIRONMENT
from solld.messages import phrases

TEMPLATE = ENVIRONMENT.get_template("embed.html")
NARROWEST, LOWEST = 200, 120  # CSS pixels below which a card cannot be read
CACHE = 86_400  # seconds that a consumer may keep the answer: the card in the frame is fresh anyhow


def write_page(card: Card) -> bytes:
    """The card alone, without anything that runs."""
    t = phrases(card.language)
    return TEMPLATE.render(card=card, t=t, language=card.language, root="").encode()


def told(card: Card, widest: int = 0, highest: int = 0) -> dict[str, Any]:
    """The members of an answer of the type "rich", no larger than is asked for; 0 is no limit."""
    width = max(min(WIDTH, widest or WIDTH), min(NARROWEST, widest or NARROWEST))
    height = max(min(HEIGHT, highest or HEIGHT), min(LOWEST, highest or LOWEST))
    return {
        "version": "1.0",
        "type": "rich",
        "title": card.name.text,
        "provider_name": card.site,
        "provider_url": card.home,
        "cache_age": CACHE,
        "width": width,
        "height": height,
        "html": iframe(card, width, height),
    }


def write_json(members: dict[str, Any]) -> bytes:
    return json.dumps(members, ensure_ascii=False, indent=1).encode() + b"\n"


def write_xml(members: dict[str, Any]) -> bytes:
    root = ElementTree.Element("oembed")
    for name, value in members.items():
        ElementTree.SubElement(root, name).text = str(value)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))
