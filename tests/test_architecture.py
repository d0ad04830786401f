"""The house plan, kept by reading the imports: layers, homes of libraries, no domain term in Python."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from conftest import ROOT

SOURCE = ROOT / "src" / "solld"

# From the ground up; a module imports from lower layers, and from its own package.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("sorting",),
    ("errors", "rdf", "plugins", "messages", "lru", "allocation", "schemas", "progress", "lazily", "located"),
    ("addresses", "model", "sparql", "table"),
    ("parameters", "licences", "mappings"),
    ("site", "queries", "ledger", "fates", "leading", "quotations", "validate"),
    ("merged", "delta"),
    ("stores", "harvested"),
    (
        "ingest",
        "history",
        "index",
        "release",
        "storing",
        "catalog",
        "runs",
        "findings",
        "negotiate",
        "newsite",
        "saved",
        "hints",
        "openapi_pieces",
    ),
    ("rules", "identify", "changes", "endpoint", "memento"),
    ("versions", "ontology", "reading", "sources", "also", "attribution", "views"),
    ("link", "maps"),
    ("search",),
    ("elsewhere",),
    ("correcting",),
    ("context", "describe", "findable", "formats", "gate", "judging", "merging"),
    ("completion",),
    ("plan", "decisions", "verify", "replay", "bygone", "ldes", "exports", "harvesting", "reconcile", "finding"),
    (
        "generated",
        "indexing",
        "searching",
        "openapi_search",
        "openapi_views",
        "openapi_past",
        "openapi_reconcile",
        "erasure",
        "matching",
        "reporting",
    ),
    ("openapi_machines", "openapi_maps"),
    ("openapi",),
    ("build", "restored", "service", "push"),
    ("review",),
    ("web",),
    ("commands",),
    ("cli",),
    ("__main__",),
)
# What one direction does not know of the other: building never imports serving, serving never imports building.
BUILDING = {
    "decisions",
    "judging",
    "matching",
    "ingest",
    "validate",
    "quotations",
    "rules",
    "identify",
    "changes",
    "versions",
    "plan",
    "reading",
    "harvested",
    "generated",
    "indexing",
    "searching",
    "restored",
    "erasure",
    "build",
    "push",
    "ledger",
}
SERVING = {
    "completion",
    "bygone",
    "correcting",
    "elsewhere",
    "ldes",
    "memento",
    "describe",
    "negotiate",
    "formats",
    "service",
    "reconcile",
    "finding",
    "web",
    "endpoint",
    "saved",
    "hints",
    "openapi",
}

HOMES = {
    "flask": {"web"},
    "werkzeug": {"web", "negotiate"},
    "jinja2": {"formats.html"},
    "pyoxigraph": {"rdf", "stores", "endpoint.worker", "storing", "ingest"},
    "shacl": {"validate"},
    "pyld": {"formats.jsonld", "sources.jsonld"},
    "SPARQLWrapper": set[str](),  # see stores.remote_http
    "numpy": {"finding.clouds", "link", "maps.clusters", "maps.within", "matching", "views.layout"},
    "sqlite3": {"history", "harvested", "harvesting.taking", "reporting.kept", "link"},
    "shapely": {"maps.within", "reporting.borders"},
    "publicsuffixlist": {"link.folding"},
    "rapidfuzz": {"link", "reconcile.comparing", "finding.correcting", "harvesting.guess"},
    "anyascii": {"link.folding"},
    "urllib3": {"harvesting.exchange"},
    "protego": {"harvesting.robots"},
    "extruct": {"sources.html"},
    "py3langid": {"sources.readings"},
    "tantivy": {"index", "search.index", "search.counting"},
    "tqdm": {"progress"},
    "granian": {"web.server"},
    "uvloop": {"endpoint.dispatcher"},
    "charset_normalizer": {"sources"},
    "ijson": {"sources"},
    "rdflib": set[str](),
}


def name_of(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


MODULES = {name_of(path): path for path in sorted(SOURCE.rglob("*.py")) if name_of(path)}


@cache
def imports(name: str) -> tuple[str, ...]:
    """The dotted names that a module imports."""
    return tuple(_imports(ast.parse(MODULES[name].read_text(encoding="utf-8"))))


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def ours(name: str) -> set[str]:
    """The modules of solld that a module imports."""
    found = {each.removeprefix("solld.") for each in imports(name) if each.startswith("solld.")}
    return {each for each in found if each in MODULES} - {name}


def layer(name: str) -> int:
    top = name.partition(".")[0]
    return next(rank for rank, names in enumerate(LAYERS) if top in names)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_has_a_layer(name: str) -> None:
    assert any(name.partition(".")[0] in names for names in LAYERS)


@pytest.mark.parametrize("name", MODULES)
def test_imports_go_down(name: str) -> None:
    package = name.partition(".")[0]
    for other in ours(name):
        if other.partition(".")[0] != package:
            assert layer(other) < layer(name), f"{name} imports {other}"


@pytest.mark.parametrize("name", MODULES)
def test_building_and_serving_do_not_know_each_other(name: str) -> None:
    package = name.partition(".")[0]
    others = {other.partition(".")[0] for other in ours(name)}
    if package in BUILDING - {"plan"}:
        assert not others & SERVING
    if package in SERVING:
        assert not others & BUILDING


def test_there_are_no_cycles() -> None:
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " -> ".join((*path, name))
        if name not in done:
            for other in ours(name):
                visit(other, (*path, name))
            done.add(name)

    for name in MODULES:
        visit(name, ())


@pytest.mark.parametrize("library", HOMES)
def test_a_library_has_one_home(library: str) -> None:
    for name in MODULES:
        if any(each == library or each.startswith(f"{library}.") for each in imports(name)):
            assert any(name == home or name.startswith(f"{home}.") for home in HOMES[library]), (
                f"{name} imports {library}"
            )


@pytest.mark.parametrize("name", MODULES)
def test_no_import_hides_in_a_function(name: str) -> None:
    tree = ast.parse(MODULES[name].read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    assert not [f.name for f in functions for inner in ast.walk(f) if isinstance(inner, ast.Import | ast.ImportFrom)]


@pytest.mark.parametrize("name", MODULES)
def test_a_module_begins_with_one_sentence_and_is_one_idea(name: str) -> None:
    text = MODULES[name].read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text))
    assert text.count("\n") <= 300


@pytest.mark.parametrize("name", MODULES)
def test_functions_are_short(name: str) -> None:
    tree = ast.parse(MODULES[name].read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.end_lineno:
            assert node.end_lineno - node.lineno < 50, node.name


def test_python_and_templates_name_no_term_of_the_site() -> None:
    base = tomllib.loads((ROOT / "site.toml").read_text(encoding="utf-8"))["base"]
    for path in SOURCE.rglob("*"):
        if path.suffix in (".py", ".html", ".toml", ".ttl", ".rq"):
            assert base.removeprefix("https://") not in path.read_text(encoding="utf-8"), path


def test_nothing_is_swallowed() -> None:
    for name, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                assert node.type is not None, name
                broad = isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")
                raises = any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
                assert not broad or raises, f"{name}:{node.lineno}"


def test_only_the_server_reads_the_environment() -> None:
    readers = {
        name for name, path in MODULES.items() if re.search(r"os\.environ|getenv", path.read_text(encoding="utf-8"))
    }
    assert readers <= {"site", "web.server", "endpoint.processes"}  # the last passes PATH on
