"""Writes the tables of documents from the program itself: `python tools/readme.py` writes, `--check` only compares.

A table stands between `<!-- table: NAME -->` and `<!-- end -->`.
"""

import argparse
import ast
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from solld import cli, formats, site, sources
from solld.model import Settings

ROOT = Path(__file__).parents[1]
FILES = (ROOT / "README.md", ROOT / "docs" / "sources.md")
MARK = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"


def modules() -> str:
    rows = []
    for path in sorted((ROOT / "src/solld").rglob("*.py")):
        doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        name = str(path.relative_to(ROOT / "src/solld")).removesuffix(".py").removesuffix("/__init__")
        if name not in ("__init__", "__main__"):
            rows.append((f"`{name}`", " ".join(doc.split("\n\n")[0].split())))
    return table(("module", "what"), rows)


def formats_() -> str:
    found = ((f.name, f"`{f.media_type}`", f"`.{f.extension}`") for f in formats.load())
    return table(("format", "media type", "extension"), found)


def settings() -> str:
    defaults = {name: f.default for name, f in Settings.__dataclass_fields__.items()}
    rows = []
    for part, keys in site.KEYS.items():
        for key, (name, _, text) in keys.items():
            default = defaults[name] if isinstance(defaults[name], int | float | str) and defaults[name] else ""
            rows.append((f"`{part + '.' if part else ''}{key}`", text, f"`{default}`" if default else ""))
    return table(("setting", "what", "default"), rows)


def commands() -> str:
    parser = cli.parser_of()
    choices = next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    return table(("command", "what"), ((f"`solld {a.dest}`", a.help or "") for a in choices._choices_actions))


def sources_() -> str:
    rows = ((f"`{s.name}`", s.title, f"<{s.standard}>", "yes" if s.collect else "") for s in sources.load())
    return table(("source", "what it is", "`dct:conformsTo`", "in many requests"), rows)


TABLES: dict[str, Callable[[], str]] = {
    "modules": modules,
    "formats": formats_,
    "settings": settings,
    "commands": commands,
    "sources": sources_,
}


def fresh(text: str) -> str:
    """A document with its tables made anew."""
    return MARK.sub(lambda match: match[1] + TABLES[match[2]]() + match[3], text)


def main() -> int:
    before = {path: path.read_text(encoding="utf-8") for path in FILES}
    after = {path: fresh(text) for path, text in before.items()}
    if "--check" in sys.argv:
        return int(before != after)
    for path, text in after.items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
