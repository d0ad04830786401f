"""What two values are compared by: names without accents, postcodes without blanks, hosts by who registered them."""

import re
import unicodedata
from functools import cache, lru_cache
from itertools import pairwise
from urllib.parse import urlsplit

from anyascii import anyascii
from publicsuffixlist import PublicSuffixList

SHARED = frozenset(  # where many have pages that are told apart by their paths
    "about.me airbnb.com allevents.in amazon.com bit.ly blogger.com bsky.app calameo.com communecter.org discord.com "
    "discord.gg docs.google.com drive.google.com etsy.com eventbrite.com facebook.com fb.com fb.me flickr.com "
    "forms.gle foursquare.com framaforms.org framagit.org framapad.org github.com gitlab.com gofundme.com goo.gl "
    "goteo.org helloasso.com indiegogo.com instagram.com issuu.com kickstarter.com kisskissbankbank.com leetchi.com "
    "linkedin.com linktr.ee maps.google.com mastodon.social medium.com meetup.com myspace.com opencollective.com "
    "openstreetmap.org orange.fr patreon.com paypal.com pinterest.com plus.google.com sites.google.com soundcloud.com "
    "t.me telegram.me threads.net tiktok.com tripadvisor.com twitter.com ulule.com vimeo.com vk.com wa.me wanadoo.fr "
    "whatsapp.com wikidata.org wikimedia.org wikipedia.org wordpress.org x.com yelp.com youtu.be youtube.com".split()
)
GIVEN = frozenset(  # where each has a host of their own below; the list of public suffixes has few of them
    "altervista.org asso-web.com assoconnect.com bandcamp.com blogspot.at blogspot.be blogspot.ch blogspot.co.uk "
    "blogspot.com blogspot.com.ar blogspot.com.br blogspot.com.es blogspot.com.tr blogspot.de blogspot.fr blogspot.gr "
    "blogspot.hu blogspot.it blogspot.nl blogspot.pt blogspot.ro canalblog.com cargo.site centerblog.net "
    "e-monsite.com eklablog.com framasite.org free.fr gogocarto.fr hautetfort.com jimdo.com jimdofree.com "
    "jimdosite.com mystrikingly.com ning.com noblogs.org over-blog-kiwi.com over-blog.com overblog.com "
    "pagesperso-orange.fr perso.neuf.fr site123.me skyrock.com squarespace.com strikingly.com tilda.ws tumblr.com "
    "unblog.fr webnode.com webs.com webself.net weebly.com wifeo.com wix.com wixsite.com wordpress.com "
    "yolasite.com".split()
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


def _suffixes_of(host: str) -> list[str]:
    """A host, and what is above it, one label less each time."""
    parts = host.split(".")
    return [".".join(parts[start:]) for start in range(len(parts))]


def is_shared(host: str) -> bool:
    """Whether many have pages at a host."""
    return host in GIVEN or not SHARED.isdisjoint(_suffixes_of(host))


def domain(url: str) -> str:
    """The domain that somebody registered for an address, or was given by a platform; "" if many share it."""
    host = host_of(url)
    if is_shared(host):
        return ""
    given = (below for below, above in pairwise(_suffixes_of(host)) if above in GIVEN)
    return next(given, "") or str(suffixes().privatesuffix(host) or "")


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
