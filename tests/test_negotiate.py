"""Which format and which language a client gets."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solld.errors import NotAcceptable
from solld.model import Context, Description, Format
from solld.negotiate import choose_language, lookup_tags, negotiate

COMPACTED = "http://www.w3.org/ns/json-ld#compacted"
EXPANDED = "http://www.w3.org/ns/json-ld#expanded"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
CHROME = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
    "application/signed-exchange;v=b3;q=0.7"
)
JENA = (
    "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,"
    "application/trig,application/n-quads;q=0.9,*/*;q=0.3"
)
JAVA = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"


def nothing(description: Description, context: Context) -> bytes:
    return b""


OFFERS = (
    Format("HTML", "text/html", "html", nothing, ("application/xhtml+xml",), quality=0.9),
    Format("Turtle", "text/turtle", "ttl", nothing, ("application/x-turtle",)),
    Format("JSON-LD", "application/ld+json", "jsonld", nothing, profile=COMPACTED, quality=0.95),
    Format("RDF/XML", "application/rdf+xml", "rdf", nothing, quality=0.8),
    Format("JSON", "application/json", "json", nothing, quality=0.6),
    Format("CSV", "text/csv", "csv", nothing, quality=0.5),
)
MEDIA_TYPES = [offer.media_type for offer in OFFERS]


@pytest.mark.parametrize(
    ("accept", "extension"),
    [
        ("", "ttl"),
        ("  ", "ttl"),
        ("*/*", "ttl"),
        (BROWSER, "html"),
        (CHROME, "html"),
        (JENA, "ttl"),
        (JAVA, "html"),
        ("text/turtle", "ttl"),
        ("TEXT/Turtle", "ttl"),
        (" text/turtle ", "ttl"),
        ("application/x-turtle", "ttl"),
        ("application/xhtml+xml", "html"),
        # parameters
        ("text/turtle;charset=utf-8", "ttl"),
        ("text/turtle; charset=UTF-8", "ttl"),
        ('text/turtle;charset="utf-8"', "ttl"),
        ("application/rdf+xml;charset=utf-8;q=0.4", "rdf"),
        (f'application/ld+json;profile="{COMPACTED}"', "jsonld"),
        (f'application/ld+json;profile="{EXPANDED} {COMPACTED}"', "jsonld"),
        (f'application/ld+json;profile="{EXPANDED}"', "jsonld"),  # unknown profiles are ignored, says JSON-LD 1.1
        (f'application/ld+json;profile="{EXPANDED}", text/csv;q=0.1', "csv"),  # but what fits wholly is preferred
        (f'application/ld+json;profile="{EXPANDED}", image/png', "jsonld"),
        (f'application/ld+json;profile="{COMPACTED}";q=0.2, application/ld+json, text/csv;q=0.5', "csv"),
        ("text/html;level=1", "html"),
        ("text/html;level=1;q=0.9, text/csv;q=0.1", "csv"),
        # q-values
        ("text/html;q=0.5, text/turtle;q=0.6", "ttl"),
        ("text/html;q=0.61, text/turtle;q=0.6", "html"),
        ("text/html;q=0.001", "html"),
        ("text/html;Q=0.5, text/csv;q=0.4", "html"),
        ("text/html ; q=0.5 , text/csv ; q=0.7", "csv"),
        ("text/html;q=1.000, text/turtle;q=0.999", "html"),
        ("text/turtle;q=0, */*", "jsonld"),
        ("*/*;q=0, text/csv", "csv"),
        ("text/html;q=0, application/xhtml+xml, text/csv;q=0.1", "csv"),
        ("application/*;q=0, */*;q=0.1", "ttl"),
        # wildcards and specificity
        ("text/*", "ttl"),
        ("application/*", "jsonld"),
        ("text/*;q=0.3, text/html;q=0.7, */*;q=0.5", "html"),
        ("text/*, text/turtle;q=0.1, text/html;q=0.1", "csv"),
        ("*/*;q=0.1, application/*;q=0.2", "jsonld"),
        ("*/*, application/json", "json"),  # named before what only a wildcard allows: axios sends this
        ("text/*, application/ld+json", "jsonld"),
        ("image/png, text/csv;q=0.2", "csv"),
        # the server's preference among what is liked equally
        ("text/csv, text/turtle, text/html", "ttl"),
        ("application/json, application/rdf+xml", "rdf"),
        # malformed parts
        ("nonsense, text/csv", "csv"),
        ("text/turtle;q=high, text/csv;q=0.2", "csv"),
        ("text/turtle;q=-1, text/csv;q=0.2", "csv"),
        ("text/turtle;q=2, text/csv;q=0.2", "csv"),
        (",,text/csv,", "csv"),
        ("text/csv;;q=0.3", "csv"),
        ("text/, /html, */csv, text/csv;q=0.1", "csv"),
        ('text/csv, text/html;a="', "html"),  # the parameter is ignored, not the range
        ("text/csv;q=0.5;unknown=1, text/html;q=0.1", "html"),
    ],
)
def test_choice(accept: str, extension: str) -> None:
    assert negotiate(accept, OFFERS).extension == extension


@pytest.mark.parametrize(
    "accept",
    [
        "image/png",
        "*/*;q=0",
        "nonsense",
        "text/turtle;q=0",
        "text/*;q=0, image/*",
        "*",
        f'application/ld+json;q=0, application/ld+json;profile="{EXPANDED}"',
        "text/html;q=0, application/xhtml+xml",
    ],
)
def test_refusal(accept: str) -> None:
    with pytest.raises(NotAcceptable) as refusal:
        negotiate(accept, OFFERS)
    assert refusal.value.offers == tuple(MEDIA_TYPES)


def test_nothing_to_offer_is_not_acceptable() -> None:
    with pytest.raises(NotAcceptable):
        negotiate("*/*", ())


qualities = st.integers(0, 1000).map(lambda thousandths: f"{thousandths / 1000:.3f}")
ranges = st.sampled_from([*MEDIA_TYPES, "text/*", "application/*", "*/*", "image/png", "application/xhtml+xml"])


@given(st.text() | st.text(alphabet='text/htmlurq=01.9;, *"\\'))
def test_no_header_breaks_it(accept: str) -> None:
    with contextlib.suppress(NotAcceptable):
        assert negotiate(accept, OFFERS) in OFFERS


@given(st.dictionaries(ranges, qualities, min_size=1))
def test_what_is_refused_is_never_chosen(likings: dict[str, str]) -> None:
    accept = ", ".join(f"{name};q={quality}" for name, quality in likings.items())
    try:
        chosen = negotiate(accept, OFFERS)
    except NotAcceptable:
        return
    assert float(likings.get(chosen.media_type, "1")) > 0


@given(st.dictionaries(ranges, qualities), st.sampled_from(OFFERS))
def test_what_is_liked_best_is_chosen(likings: dict[str, str], favourite: Format) -> None:
    others = {k: v for k, v in likings.items() if k != favourite.media_type and float(v) < 1}
    accept = ", ".join([*(f"{name};q={quality}" for name, quality in others.items()), favourite.media_type])
    assert negotiate(accept, OFFERS) == favourite


@pytest.mark.parametrize(
    ("accept_language", "asked", "language"),
    [
        ("", "", "fr"),
        ("en", "", "en"),
        ("EN", "", "en"),
        ("en-GB", "", "en"),
        ("fr-CA, en;q=0.5", "", "fr"),
        ("de, en;q=0.5", "", "en"),
        ("de", "", "fr"),
        ("*", "", "fr"),
        ("de, *;q=0.1", "", "fr"),
        ("en;q=0.3, es;q=0.7", "", "es"),
        ("en;q=0, es;q=0.1", "", "es"),
        ("en;q=0", "", "fr"),
        ("es, en", "", "es"),
        ("es;q=abc, en;q=0.1", "", "en"),
        ("pt", "", "fr"),
        ("pt-BR", "", "pt-BR"),
        ("pt-br-x-private", "", "pt-BR"),
        ("pt-PT, en;q=0.1", "", "en"),
        ("en", "es", "es"),
        ("en", "es-MX", "es"),
        ("en", "de", "en"),
        ("", "<script>", "fr"),
        ("über, \x00, en", "", "en"),
    ],
)
def test_language(accept_language: str, asked: str, language: str) -> None:
    assert choose_language(accept_language, asked, ("fr", "en", "es", "pt-BR")) == language


@given(st.text(), st.text())
def test_a_language_that_is_offered_is_always_found(accept_language: str, asked: str) -> None:
    assert choose_language(accept_language, asked, ("fr", "en")) in ("fr", "en")


@pytest.mark.parametrize(
    ("language", "offered", "tags"),
    [
        ("fr", ("fr", "en", "es"), ("fr", "en", "es", "")),
        ("es", ("fr", "en", "es"), ("es", "fr", "en", "")),
        ("pt-BR", ("pt-BR", "fr"), ("pt-br", "pt", "fr", "en", "")),
    ],
)
def test_labels_are_tried_in_the_readers_language_first(
    language: str, offered: tuple[str, ...], tags: tuple[str, ...]
) -> None:
    assert lookup_tags(language, offered) == tags
