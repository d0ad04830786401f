"""A card as a page for a frame in pages of others, and what oEmbed tells of it. https://oembed.com/"""

import json
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from solld.formats.card import HEIGHT, WIDTH, Card, iframe
from solld.formats.html import ENVIRONMENT
from solld.formats.search import Listing
from solld.messages import phrases, pick
from solld.model import Settings
from solld.negotiate import lookup_tags

TEMPLATES = {name: ENVIRONMENT.get_template(f"{name}.html") for name in ("embed", "embedlist")}
NARROWEST, LOWEST = 200, 120  # CSS pixels below which a card cannot be read
LIST_HEIGHT = 420
CACHE = 86_400  # seconds that a consumer may keep the answer: the card in the frame is fresh anyhow


@dataclass(frozen=True)
class Framed:
    """What oEmbed tells of: a card, or a list."""

    title: str
    address: str  # of the frame
    height: int = HEIGHT


def write_page(card: Card) -> bytes:
    """The card alone, without anything that runs."""
    t = phrases(card.language)
    return TEMPLATES["embed"].render(card=card, t=t, language=card.language, root="").encode()


def write_list(listing: Listing, settings: Settings, language: str, framed: Framed, whole: str) -> bytes:
    """The first results of a search; `whole` is the address of all of them."""
    shown = {
        "s": listing,
        "name": framed.title,
        "whole": whole,
        "home": settings.base,
        "base": settings.base.rstrip("/"),
    }
    site = pick(settings.title, lookup_tags(language, settings.languages))
    return TEMPLATES["embedlist"].render(shown, t=phrases(language), language=language, root="", site=site).encode()


def title_of(listing: Listing, settings: Settings, language: str) -> str:
    """What a search is for: its words, and what it is narrowed by; else the name of the site."""
    told = [f"« {listing.text} »"] if listing.text else []
    told += [value.text for _, _, value, _ in listing.chosen]
    return " · ".join(told) or pick(settings.title, lookup_tags(language, settings.languages))


def told(framed: Framed, settings: Settings, language: str, widest: int = 0, highest: int = 0) -> dict[str, Any]:
    """The members of an answer of the type "rich", no larger than is asked for; 0 is no limit."""
    width = max(min(WIDTH, widest or WIDTH), min(NARROWEST, widest or NARROWEST))
    height = max(min(framed.height, highest or framed.height), min(LOWEST, highest or LOWEST))
    site = pick(settings.title, lookup_tags(language, settings.languages))
    return {
        "version": "1.0",
        "type": "rich",
        "title": framed.title,
        "provider_name": site,
        "provider_url": settings.base,
        "cache_age": CACHE,
        "width": width,
        "height": height,
        "html": iframe(framed.address, f"{framed.title} – {site}", width, height),
    }


def write_json(members: dict[str, Any]) -> bytes:
    return json.dumps(members, ensure_ascii=False, indent=1).encode() + b"\n"


def write_xml(members: dict[str, Any]) -> bytes:
    root = ElementTree.Element("oembed")
    for name, value in members.items():
        ElementTree.SubElement(root, name).text = str(value)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))
