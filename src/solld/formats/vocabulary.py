"""What the pages of a vocabulary and of its lists of concepts show."""

from dataclasses import dataclass

from solld.formats.view import Value


@dataclass(frozen=True)
class Rule:
    """A property of a class as its shape has it: what its values are, and how many there may be."""

    property: Value
    inverse: bool
    values: tuple[Value, ...]
    number: str  # "1", "0..1", "1..*"
    name: Value | None  # what pages call it, if that is not its label


@dataclass(frozen=True)
class Term:
    """A class or a property."""

    anchor: str
    name: Value
    short: str  # prefixed
    texts: tuple[Value, ...]  # definition first, then notes
    facts: tuple[tuple[str, tuple[Value, ...]], ...]  # message, values
    rules: tuple[Rule, ...]
    number: str  # how many there are in the data; "" for none
    href: str  # the address of those
    examples: tuple[tuple[Value, Value | None], ...]  # thing; of a property with its value
    status: str


@dataclass(frozen=True)
class Adopted:
    """A term of somebody else that the data have, too."""

    name: Value
    short: str
    number: str


@dataclass(frozen=True)
class Listed:
    """A list of concepts, with how many it has."""

    name: Value
    text: Value | None
    number: str


@dataclass(frozen=True)
class Vocabulary:
    """The page of a vocabulary."""

    namespace: str
    version: str
    classes: tuple[Term, ...]
    properties: tuple[Term, ...]
    schemes: tuple[Listed, ...]
    adopted: tuple[Adopted, ...]


@dataclass(frozen=True)
class Concept:
    """A concept in its tree; `number` of things have it, or one below it, and are found at `found`."""

    name: Value
    anchor: str
    notation: str
    text: Value | None
    number: str
    found: str
    below: tuple["Concept", ...]

    @property
    def size(self) -> int:
        """How many there are, with all below."""
        return 1 + sum(each.size for each in self.below)


@dataclass(frozen=True)
class Tree:
    """The page of a list of concepts."""

    concepts: tuple[Concept, ...]
    total: int
    vocabulary: str  # the address of the page that lists all of them, "" if they are not of the site's own
