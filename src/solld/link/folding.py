"""What two values are compared by: names without accents, postcodes without blanks, hosts by who registered them."""

import re
import unicodedata
from functools import cache, lru_cache
from urllib.parse import urlsplit

from anyascii import anyascii
from publicsuffixlist import PublicSuffixList

SHARED = frozenset(  # where many have pages that are not their own; hosts of blogs are public suffixes themselves
    "about.me airbnb.com allevents.in altervista.org amazon.com assoconnect.com bandcamp.com bit.ly blogger.com "
    "blogspot.com bsky.app calameo.com canalblog.com cargo.site centerblog.net communecter.org discord.com discord.gg "
    "docs.google.com drive.google.com e-monsite.com eklablog.com etsy.com eventbrite.com facebook.com fb.com fb.me "
    "flickr.com forms.gle foursquare.com framaforms.org framagit.org framapad.org framasite.org free.fr github.com "
    "gitlab.com gofundme.com gogocarto.fr goo.gl goteo.org hautetfort.com helloasso.com indiegogo.com instagram.com "
    "issuu.com jimdo.com jimdofree.com jimdosite.com kickstarter.com kisskissbankbank.com leetchi.com linkedin.com "
    "linktr.ee maps.google.com mastodon.social medium.com meetup.com myspace.com mystrikingly.com ning.com "
    "noblogs.org opencollective.com openstreetmap.org orange.fr over-blog.com overblog.com pagesperso-orange.fr "
    "patreon.com paypal.com pinterest.com plus.google.com site123.me sites.google.com skyrock.com soundcloud.com "
    "squarespace.com strikingly.com t.me telegram.me threads.net tiktok.com tilda.ws tripadvisor.com tumblr.com "
    "twitter.com ulule.com unblog.fr vimeo.com vk.com wa.me wanadoo.fr webnode.com webs.com weebly.com whatsapp.com "
    "wikidata.org wikimedia.org wikipedia.org wix.com wixsite.com wordpress.com wordpress.org x.com yelp.com "
    "yolasite.com youtu.be youtube.com".split()
)


@lru_cache(maxsize=20_000)  # places come again and again
def folded(text: str) -> str:
    """Lower-case words without accents, signs and blanks around them."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[\W_]+", " ", plain).split())


def latin(text: str) -> str:
    """The text in Latin letters, whatever script it is in, as its sound would be written."""
    return text if text.isascii() else anyascii(unicodedata.normalize("NFC", text))


def code(text: str) -> str:
    """A postcode or a number without what people put between its signs."""
    return re.sub(r"[\W_]+", "", text).upper()


def degrees(latitude: str, longitude: str) -> tuple[float, float] | None:
    """A point in degrees; None for what is none, for a lift may take anything for one."""
    try:
        point = float(latitude), float(longitude)
    except ValueError:
        return None
    return point if abs(point[0]) <= 90 and abs(point[1]) <= 180 else None


@cache
def suffixes() -> PublicSuffixList:
    """The list that is kept at publicsuffix.org; what is not on it is no suffix."""
    return PublicSuffixList(accept_unknown=False)


def host_of(url: str) -> str:
    """The host of an address, lower case, without www; "" if it has none."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:  # brackets that are no IPv6 address
        return ""
    return host.rstrip(".").removeprefix("www.")


def is_shared(host: str) -> bool:
    """Whether many have pages at a host."""
    parts = host.split(".")
    return any(".".join(parts[start:]) in SHARED for start in range(len(parts)))


def domain(url: str) -> str:
    """The domain that somebody registered for an address; "" if many share it, or if it is none."""
    host = host_of(url)
    return "" if is_shared(host) else str(suffixes().privatesuffix(host) or "")


def page(url: str) -> str:
    """An address without what does not matter: scheme, www, capitals of the host, a slash at the end."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    host = host_of(url)
    path = parts.path.rstrip("/")
    if not host or (not path and not parts.query and is_shared(host)):
        return ""  # the front page of a platform is nobody's website
    return host + path + (f"?{parts.query}" if parts.query else "")
