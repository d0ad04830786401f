"""The rules that lead the permanent addresses of a site to where it is served, for w3id.org: .htaccess and README.md.

https://github.com/perma-id/w3id.org#readme: a folder for each prefix, changed by pull request, with whom to ask.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

from solld.errors import BadSite
from solld.messages import pick
from solld.model import Settings

RULES = """\
# {title}: {base} is served at {home}
# Made by: solld export w3id
Options +FollowSymLinks
RewriteEngine on
# As it was asked for, and not decoded: some addresses have other addresses in them.
RewriteCond %{{THE_REQUEST}} "^\\S+\\s+(?:https?://[^/\\s]+)?{path}([^?\\s]*)"
RewriteRule ^ {home}%1 [R=302,L,NE]
"""
README = """\
# {title}

Permanent identifiers of {title}.

- Addresses: `{base}...`, for instance `{base}id/4k7r2dm9q`
- Served at: {home}
- What is promised of them: {home}about/persistence
- Contact: {contact}

Everything under the prefix is led to the same path of the service, which answers by itself for what was merged or
withdrawn. When the service moves, this is the one line to change.
"""


def write(settings: Settings, folder: Path, home: str, contact: str) -> list[Path]:
    """Writes the two files into a folder. BadSite if the addresses are not at w3id.org or the home is none."""
    if not re.fullmatch(r"https?://[^\s/?#]+/(?:[^\s?#]*/)?", home):
        raise BadSite(settings.folder, f"the home of a service is an http(s) URL that ends in /, not {home!r}")
    if not contact.strip():
        raise BadSite(settings.folder, "w3id.org wants to know whom to ask: a name with an address, or an account")
    path = urlsplit(settings.base).path
    if path == "/":
        raise BadSite(
            settings.folder / "site.toml", f"'base' {settings.base} has a host of its own, and needs no rules"
        )
    values = {"title": pick(settings.title, ("en",)), "base": settings.base, "home": home, "contact": contact}
    folder.mkdir(parents=True, exist_ok=True)
    rules, readme = folder / ".htaccess", folder / "README.md"
    rules.write_text(RULES.format(path=re.escape(path), **values), encoding="utf-8")
    readme.write_text(README.format(**values), encoding="utf-8")
    return [rules, readme]
