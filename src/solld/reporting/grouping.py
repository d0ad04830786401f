"""Records that share something, found in one pass: what they share is kept as a number, for there may be many."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from solld.reporting.records import Ref


@dataclass
class Groups:
    """Records by what they may share. Numbers have 64 bits: of 100,000 texts no two have one, but by a miracle."""

    first: dict[int, tuple[int, Ref, str]] = field(default_factory=dict)
    several: dict[int, dict[int, Ref]] = field(default_factory=dict)

    def add(self, key: object, ref: Ref, shown: str, apart: str = "") -> bool:
        """Adds a record, unless one was there that is not apart from it; whether it shares the key with another.

        `shown` is what they share as the first of them writes it; records are apart by where they stand, if not told.
        """
        number, other = hash(key), hash(apart or ref.place)
        if number not in self.first:
            self.first[number] = (other, ref, shown)
            return False
        known, whose, _ = self.first[number]
        if known == other:
            return False
        self.several.setdefault(number, {known: whose}).setdefault(other, ref)
        return True

    def shared(self) -> Iterator[tuple[str, list[Ref]]]:
        """What is shared, and by which records, of those that share it; in the order of the file."""
        for number, (_, _, shown) in self.first.items():
            if number in self.several:
                yield shown, list(self.several[number].values())
