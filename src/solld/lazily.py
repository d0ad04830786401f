"""Resources that are many: their names are known, and what is said of each is fetched when somebody asks."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice


class Lazily(Mapping[str, list[bytes]]):
    """Resource -> its N-Triples lines, which `of` fetches; the names keep their order."""

    def __init__(self, names: Iterable[str], of: Callable[[str], list[bytes]]):
        self._names, self._of = dict.fromkeys(names), of

    def __getitem__(self, name: str) -> list[bytes]:
        if name not in self._names:
            raise KeyError(name)
        return self._of(name)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def only(resources: Mapping[str, list[bytes]], names: Iterable[str]) -> Mapping[str, list[bytes]]:
    """Some of the resources."""
    return Lazily(names, resources.__getitem__)


def parts(resources: Mapping[str, list[bytes]], size: int) -> Iterator[dict[str, list[bytes]]]:
    """So many resources at a time, fetched."""
    names = iter(resources)
    while some := list(islice(names, size)):
        yield {name: resources[name] for name in some}
