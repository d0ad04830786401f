"""Files of the package that pages need: addresses that change with their content, and icons inline.

`static/dist` is made by `make assets`. Icons: https://lucide.dev, ISC License
"""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from markupsafe import Markup

STATIC = files("solld").joinpath("static")


@cache
def version(name: str) -> str:
    """A short hash of a file of `static`, so that a browser keeps it until it changes."""
    return hashlib.sha256(STATIC.joinpath(*name.split("/")).read_bytes()).hexdigest()[:8]


def asset(name: str) -> str:
    """The path of a file of `static`, with its version: asset("dist/map.js")."""
    return f"/static/{name}?v={version(name)}"


@cache
def icon(name: str, size: int = 20) -> Markup:
    """An icon as SVG that assistive technology passes over: what it means must be said beside it. KeyError."""
    return Markup(
        f'<svg class="icon" width="{size}" height="{size}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        'stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">'
        f"{icons()[name]}</svg>"
    )


@cache
def icons() -> Mapping[str, str]:
    """name -> what is drawn."""
    found: dict[str, str] = json.loads(STATIC.joinpath("dist", "icons.json").read_text(encoding="utf-8"))
    return found
