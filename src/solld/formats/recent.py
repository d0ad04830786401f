"""What changed last, for people: names, what became of them, in which release, and what is different."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from solld.formats.html import ENVIRONMENT, Frame
from solld.formats.sheet import Sheet
from solld.formats.view import Value
from solld.model import Moment

TEMPLATE = ENVIRONMENT.get_template("changes.html")
WORDS = {"created": "change_created", "updated": "change_updated", "removed": "change_removed"}


@dataclass(frozen=True)
class Recent:
    """A change: `what` are properties of an update, or datasets that something new comes from."""

    name: Value
    kind: str
    word: str
    types: tuple[Value, ...]
    what: tuple[Value, ...]
    more: int  # of `what` that are not named
    moment: Moment
    day: str
    history: str  # the address of its versions, "" if it has none


@dataclass(frozen=True)
class Batch:
    """The changes of one release, newest first."""

    release: int
    time: datetime
    day: str
    changes: tuple[Recent, ...]


def batches(found: Sequence[Recent]) -> tuple[Batch, ...]:
    """Changes by the release that they came with."""
    made = []
    for release, each in groupby(found, key=lambda change: change.moment.release):
        changes = tuple(each)
        made.append(Batch(release, changes[0].moment.time, changes[0].day, changes))
    return tuple(made)


def write_page(sheet: Sheet, found: Sequence[Recent], total: int, newer: str, older: str) -> bytes:
    """The page; `newer` and `older` are addresses of its neighbours, "" where there is none."""
    context = sheet.context
    variables = Frame(context.settings, context.language, context.root, context.release).values()
    return TEMPLATE.render(variables, batches=batches(found), total=total, newer=newer, older=older).encode()
