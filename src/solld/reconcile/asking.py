"""What is asked of the reconciliation service, whichever version of the API says it.

0.1 and 0.2, in a form:  {"q0": {"query", "type", "type_strict", "limit", "properties": [{"pid", "v"}]}}
1.0 draft, as JSON:      {"queries": [{"type", "limit", "lang", "conditions": [{"matchType", "propertyId", ...}]}]}
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from solld.errors import BadQuery, TooLarge

BATCH = 50  # queries of a batch; OpenRefine sends ten, as it is told here
ROWS = 200  # identifiers of an extension
COLUMNS = 50  # properties of an extension
LIMIT = 10  # candidates, if a query does not say
MOST = 100  # candidates that a query may want
LENGTH = 1000  # characters of a name or a value
VALUES = 50  # of a condition
CONDITIONS = 50  # of a query
STRICT = ("should", "any", "all")
QUANTIFIERS = ("any", "all", "none")
KINDS = ("name", "id", "property")
SIMILAR, EXACT, PREFIX, CONTAINS, BEFORE, AFTER = QUALIFIERS = (
    *("SimilarMatch", "ExactMatch", "PrefixMatch", "ContainsMatch"),
    *("BeforeMatch", "AfterMatch"),
)


@dataclass(frozen=True)
class Condition:
    """What a thing should be like. The values are texts: of a thing that was reconciled already, its identifier."""

    kind: str  # one of KINDS
    values: tuple[str, ...]
    property: str = ""  # its id, if it is of that kind
    required: bool = False
    quantifier: str = "any"
    qualifier: str = SIMILAR


@dataclass(frozen=True)
class Query:
    """One thing that is looked for."""

    conditions: tuple[Condition, ...]
    types: tuple[str, ...] = ()
    strict: str = "should"
    limit: int = LIMIT
    language: str = ""  # of its texts, "" if it does not say

    @property
    def names(self) -> tuple[str, ...]:
        return self._values("name")

    @property
    def ids(self) -> tuple[str, ...]:
        return self._values("id")

    def _values(self, kind: str) -> tuple[str, ...]:
        wanted = (each for each in self.conditions if each.kind == kind and each.quantifier != "none")
        return tuple(value for each in wanted for value in each.values)


@dataclass(frozen=True)
class Extension:
    """Properties of things that are asked for: (id, settings)."""

    ids: tuple[str, ...]
    properties: tuple[tuple[str, Mapping[str, Any]], ...]


def loaded(text: str | bytes, what: str) -> Any:
    """The value of a JSON text. BadQuery says where it is wrong."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise BadQuery(f"{what} is not JSON: {error.msg} (line {error.lineno}, column {error.colno})") from error
    except (UnicodeDecodeError, RecursionError, ValueError) as error:
        raise BadQuery(f"{what} is not JSON in UTF-8") from error


# 0.1 and 0.2 ----------------------------------------------------------------------------------------------------------


def classic(told: Any) -> dict[str, Query]:
    """A batch of 0.2: key -> query."""
    batch = _object(told, "queries")
    _check_size(len(batch))
    return {key: _classic(value, f"queries.{key}") for key, value in batch.items()}


def single(text: str) -> Query:
    """The one query of 0.1, which is JSON or only a name."""
    told = loaded(text, "query") if text.lstrip().startswith("{") else {"query": text}
    return _classic(told, "query")


def _classic(told: Any, where: str) -> Query:
    query = _object(told, where)
    _known(query, ("query", "type", "type_strict", "limit", "properties", "lang"), where)
    name = _text(query.get("query", ""), f"{where}.query")
    given = _list(query.get("properties") or [], f"{where}.properties", CONDITIONS)
    if "query" not in query and not given:
        raise BadQuery(f"{where} has neither a 'query' nor 'properties'")
    conditions = [_assigned(each, f"{where}.properties[{number}]") for number, each in enumerate(given)]
    if name.strip():
        conditions.insert(0, Condition("name", (name,)))
    types = query.get("type") or []
    strict = query.get("type_strict") or "should"
    if strict not in STRICT:
        raise BadQuery(f"{where}.type_strict is one of {', '.join(STRICT)}, not {strict!r}")
    wanted = (types,) if isinstance(types, str | Mapping) else tuple(_list(types, f"{where}.type", CONDITIONS))
    return Query(
        tuple(conditions),
        tuple(_identified(each, f"{where}.type") for each in wanted),
        strict,
        _limit(query.get("limit"), f"{where}.limit"),
        str(query.get("lang") or ""),
    )


def _assigned(told: Any, where: str) -> Condition:
    assigned = _object(told, where)
    _known(assigned, ("pid", "v", "p"), where)
    if "pid" not in assigned and "p" not in assigned:
        raise BadQuery(f"{where} has no 'pid', the id of a property")
    if "v" not in assigned:
        raise BadQuery(f"{where} has no 'v', a value or a list of values")
    id_ = _text(assigned.get("pid", assigned.get("p")), f"{where}.pid")
    return Condition("property", _values(assigned["v"], f"{where}.v"), id_)


# 1.0 draft ------------------------------------------------------------------------------------------------------------


def draft(told: Any) -> list[Query]:
    """A batch of the 1.0 draft."""
    batch = _object(told, "the body")
    if "queries" not in batch:
        raise BadQuery("the body has no 'queries', a list of queries")
    queries = _list(batch["queries"], "queries", None)
    _check_size(len(queries))
    return [_draft(each, f"queries[{number}]") for number, each in enumerate(queries)]


def _draft(told: Any, where: str) -> Query:
    query = _object(told, where)
    _known(query, ("conditions", "type", "limit", "lang", "dir"), where)
    given = _list(query.get("conditions"), f"{where}.conditions", CONDITIONS)
    if not given:
        raise BadQuery(f"{where}.conditions has at least one condition")
    type_ = query.get("type") or ""
    types = (_identified(type_, f"{where}.type"),) if type_ else ()
    conditions = [_condition(each, f"{where}.conditions[{number}]") for number, each in enumerate(given)]
    language = _text(query.get("lang") or "", f"{where}.lang")
    return Query(tuple(conditions), types, "should", _limit(query.get("limit"), f"{where}.limit"), language)


def _condition(told: Any, where: str) -> Condition:
    given = _object(told, where)
    kind = _one_of(given.get("matchType"), KINDS, f"{where}.matchType")
    id_ = _text(given.get("propertyId") or "", f"{where}.propertyId")
    if kind == "property" and not id_:
        raise BadQuery(f"{where} has no 'propertyId', which a condition on a property needs")
    if "propertyValue" not in given:
        raise BadQuery(f"{where} has no 'propertyValue', a value or a list of values")
    required = given.get("required") or False
    if not isinstance(required, bool):
        raise BadQuery(f"{where}.required is true or false, not {required!r}")
    return Condition(
        kind,
        _values(given["propertyValue"], f"{where}.propertyValue"),
        id_,
        required,
        _one_of(given.get("matchQuantifier") or "any", QUANTIFIERS, f"{where}.matchQuantifier"),
        _one_of(given.get("matchQualifier") or SIMILAR, QUALIFIERS, f"{where}.matchQualifier"),
    )


# Extension ------------------------------------------------------------------------------------------------------------


def extension(told: Any) -> Extension:
    """An extension query, which is the same in both versions."""
    query = _object(told, "extend")
    ids = _list(query.get("ids"), "extend.ids", None)
    properties = _list(query.get("properties"), "extend.properties", None)
    for number, most, name in ((len(ids), ROWS, "ids"), (len(properties), COLUMNS, "properties")):
        if number > most:
            raise TooLarge(f"the extension has {number} {name}", f"reconcile.{name}", most, name)
    return Extension(
        tuple(_text(each, f"extend.ids[{number}]") for number, each in enumerate(ids)),
        tuple(_property(each, f"extend.properties[{number}]") for number, each in enumerate(properties)),
    )


def _property(told: Any, where: str) -> tuple[str, Mapping[str, Any]]:
    given = _object(told, where)
    if "id" not in given:
        raise BadQuery(f"{where} has no 'id', the id of a property")
    return _text(given["id"], f"{where}.id"), _object(given.get("settings") or {}, f"{where}.settings")


# Pieces ---------------------------------------------------------------------------------------------------------------


def _check_size(number: int) -> None:
    if number > BATCH:
        raise TooLarge(f"the batch has {number} queries", "reconcile.batchSize", BATCH, "queries")


def _object(told: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(told, Mapping):
        raise BadQuery(f"{where} is an object, not {_shown(told)}")
    return told


def _list(told: Any, where: str, most: int | None) -> Sequence[Any]:
    if not isinstance(told, list):
        raise BadQuery(f"{where} is a list, not {_shown(told)}")
    if most is not None and len(told) > most:
        raise BadQuery(f"{where} has {len(told)} entries; the most is {most}")
    return told


def _text(told: Any, where: str) -> str:
    if isinstance(told, bool) or not isinstance(told, str | int | float):
        raise BadQuery(f"{where} is a text, not {_shown(told)}")
    return _written(told, where)


def _written(told: str | float, where: str) -> str:
    if isinstance(told, float) and not math.isfinite(told):
        raise BadQuery(f"{where} is a number, not {told}")
    text = str(told)
    if len(text) > LENGTH:
        raise BadQuery(f"{where} has {len(text)} characters; the most is {LENGTH}")
    if not text.isprintable() and any("\ud800" <= sign <= "\udfff" for sign in text):
        raise BadQuery(f"{where} has half of a pair of surrogates")
    return text


def _values(told: Any, where: str) -> tuple[str, ...]:
    several = _list(told, where, VALUES) if isinstance(told, list) else [told]
    values = [_value(each, where) for each in several if each is not None]
    return tuple(each for each in values if each.strip())


def _value(told: Any, where: str) -> str:
    if isinstance(told, bool):
        return "true" if told else "false"
    return _identified(told, where)


def _identified(told: Any, where: str) -> str:
    """A text, or the id of an object that has one."""
    if isinstance(told, Mapping):
        if "id" not in told:
            raise BadQuery(f"{where} has no 'id'")
        told = told["id"]
    return _text(told, where)


def _one_of(told: Any, choices: Sequence[str], where: str) -> str:
    if told not in choices:
        raise BadQuery(f"{where} is one of {', '.join(choices)}, not {_shown(told)}")
    return str(told)


def _limit(told: Any, where: str) -> int:
    if told is None or told == 0:  # 0 is what OpenRefine sends for no limit
        return LIMIT
    if isinstance(told, str) and told.isdecimal():
        told = int(told)
    if isinstance(told, bool) or not isinstance(told, int | float) or not math.isfinite(told) or told < 1:
        raise BadQuery(f"{where} is a number from 1 on, not {_shown(told)}")
    return min(int(told), MOST)


def _known(told: Mapping[str, Any], names: Sequence[str], where: str) -> None:
    for name in told:
        if name not in names:
            raise BadQuery(f"{where} has a field {name!r} that is not known; there are {', '.join(names)}")


def _shown(told: Any) -> str:
    text = json.dumps(told, ensure_ascii=True)
    return text if len(text) <= 60 else text[:57] + "..."
