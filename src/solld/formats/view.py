"""What the template of a page gets: plain dataclasses of texts and addresses, in reading order."""

from dataclasses import dataclass

TABLE_ROWS, TABLE_COLUMNS = 4, 5  # at least, at most
FEWEST_CHIPS = 5  # links in a field that are shown as chips


@dataclass(frozen=True)
class Mark:
    """A small link from a value to where it comes from."""

    text: str
    href: str
    title: str


@dataclass(frozen=True)
class Value:
    """A text, link, nested part or quotation that is the value of a field."""

    text: str
    language: str = ""  # if it is not that of the page
    href: str = ""
    external: bool = False
    machine: str = ""  # the machine-readable form of a date
    code: bool = False
    here: bool = False  # it is the resource of this page
    marks: tuple[Mark, ...] = ()
    notes: tuple[tuple[str, "Value"], ...] = ()  # what is said of the statement: name, value
    asserted: bool = True
    shared: tuple[int, str] = (0, "")  # how many things have it, and the address of the search that finds them
    part: "Part | None" = None
    quote: "Quote | None" = None


@dataclass(frozen=True)
class Field:
    """A property with its values; `others` are those in other languages."""

    name: Value
    values: tuple[Value, ...]
    others: tuple[Value, ...] = ()
    marks: tuple[Mark, ...] = ()  # that all values share
    incoming: bool = False
    wrong: str = ""  # address of the page that tells where this can be corrected
    key: bool = False  # one of the few things that are told first
    glyph: str = ""  # the icon beside its name

    @property
    def brief(self) -> bool:
        """Whether its parts are told in few words, with the rest folded."""
        return bool(self.parts) and all(part.more for part in self.parts)

    @property
    def parts(self) -> tuple["Part", ...]:
        return tuple(value.part for value in self.values if value.part)

    @property
    def chips(self) -> bool:
        """Whether it is many links of which more is said: they are chips, and what is said of each is folded."""
        linked = all(value.href and not (value.part or value.quote) for value in self.values)
        return linked and len(self.values) >= FEWEST_CHIPS and any(v.notes or v.shared[0] for v in self.values)

    @property
    def alike(self) -> tuple["Value", ...]:
        """What is said of each of its values in the same words."""
        said = [[Value(note.text, note.language) for _, note in value.notes] for value in self.values]
        return tuple(dict.fromkeys(each for each in said[0] if all(each in others for others in said)))

    @property
    def table(self) -> "Table | None":
        """Many small parts without names, side by side."""
        parts = self.parts
        small = all(not (p.named or p.quotes or any(f.large for f in p.fields)) for p in parts)
        columns = tuple(dict.fromkeys(f.name for p in parts for f in p.fields))
        if not small or len(parts) < TABLE_ROWS or len(parts) < len(self.values) or len(columns) > TABLE_COLUMNS:
            return None
        cells = [{f.name: f.values for f in p.fields} for p in parts]
        rows = tuple((p.anchor, tuple(c.get(name, ()) for name in columns)) for p, c in zip(parts, cells, strict=True))
        return Table(columns, rows)

    @property
    def large(self) -> bool:
        """Whether it needs the whole width."""
        return any(value.part or value.quote for value in self.values)


@dataclass(frozen=True)
class Table:
    columns: tuple[Value, ...]
    rows: tuple[tuple[str, tuple[tuple[Value, ...], ...]], ...]  # anchor, the values of each column


@dataclass(frozen=True)
class Section:
    anchor: str
    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Quote:
    """An excerpt: the words, what stands around them, and where."""

    anchor: str  # "" where it is quoted again
    text: str
    language: str
    prefix: str
    suffix: str
    start: str  # in characters from 0
    end: str
    link: Value  # to the excerpt
    sources: tuple[Value, ...]
    fields: tuple[Field, ...]  # whatever else is said of it


@dataclass(frozen=True)
class Part:
    """A node that the resource owns, shown within it."""

    anchor: str
    title: Value
    named: bool
    types: tuple[Value, ...]
    fields: tuple[Field, ...]
    quotes: tuple[Quote, ...]
    more: tuple[Field, ...] = ()  # what is folded, where the shapes say what matters most


@dataclass(frozen=True)
class Source:
    """An entry of the list of sources."""

    number: int
    anchor: str
    title: Value
    quote: Quote | None = None
    statements: int = 0
    license: Value | None = None
    seen: str = ""  # dates in words
    expires: str = ""


@dataclass(frozen=True)
class Page:
    """A description as people read it."""

    title: Value
    types: tuple[Value, ...]
    names: tuple[Value, ...]
    key: tuple[Field, ...]  # what is told in brief
    lead: Value | None
    leads: tuple[Value, ...]  # the sentence in other languages
    marks: tuple[Mark, ...]  # where the resource itself comes from
    quote: Quote | None  # if it is an excerpt
    sections: tuple[Section, ...]
    also: tuple[Field, ...]  # what sources say beside the merged view
    elsewhere: tuple[Field, ...]  # where else it is, by state
    apart: bool  # whether all this stands in the graphs of its sources only
    incoming: Section | None
    sources: tuple[Source, ...]
    classes: tuple[Value, ...]
    datasets: tuple[Value, ...]
    wrong: str = ""  # address of the page that tells where each of this can be corrected
