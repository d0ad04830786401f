"""Contact data of persons are left out of what is harvested, by rule, and counted."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from solld.harvesting.columns import normalised
from solld.rdf import Literal, NamedNode, Triple
from solld.sources import Cell, Row

COLUMNS = frozenset(  # at the end of what a column is called
    "email,e mail,mail,mails,emails,courriel,correo,correo electronico,mailto,mbox,posta elettronica,adresse mail,"
    "adresse email,phone,phones,phone number,telephone,telefon,telefono,telefone,telefoon,tel,tele,mobile,mobile phone,"
    "portable,gsm,fax,fax number,handy,numero de telephone,whatsapp,signal,contact,contacts,contact name,"
    "contact person,contact nom,contact prenom,nom contact,nom du contact,personne contact,ansprechpartner,"
    "ansprechperson,first name,firstname,given name,last name,lastname,family name,surname,prenom,vorname,nachname,"
    "apellido,apellidos,cognome,responsable,referent,gerant,president,dirigeant,owner,owner name,contact email,"
    "contact phone,birth date,birthday,date de naissance,gender,has email,has telephone,user,user email,"
    "author email".split(",")
)
ADDRESS = re.compile(r"(?=\S*[a-z])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")  # in capitals it is a name: LE THE@TRE.COM
LEFT = "…"  # in the place of an address within a text


@lru_cache(maxsize=4096)
def is_personal(column: str) -> bool:
    """Whether a column is called like contact data of a person."""
    words = normalised(re.split(r"\.|(?<=\w)[/#](?=\w)", column)[-1])
    parts = words.split()
    return any(" ".join(parts[start:]) in COLUMNS for start in range(len(parts)))


def without(rows: Iterable[Row], dropped: Counter[str]) -> Iterator[Row]:
    """The rows without contact data; `dropped` counts how many cells of each column were left out or changed."""
    personal: dict[str, bool] = {}
    for row in rows:
        for column in row.cells.keys() - personal.keys():
            personal[column] = is_personal(column)
        if not row.triples and not any(map(personal.__getitem__, row.cells)) and not _has_at(row):
            yield row  # as most are
            continue
        cells = {column: _kept(values, column, personal, dropped) for column, values in row.cells.items()}
        triples = tuple(each for each in map(_triple, row.triples) if each is not None)
        yield replace(row, cells={column: kept for column, kept in cells.items() if kept}, triples=triples)


def _has_at(row: Row) -> bool:
    for values in row.cells.values():
        for value in values:
            if "@" in (value if isinstance(value, str) else value.value):
                return True
    return False


def _kept(
    values: tuple[Cell, ...], column: str, personal: Mapping[str, bool], dropped: Counter[str]
) -> tuple[Cell, ...]:
    """What stays of a cell; none if it is left out."""
    if personal[column]:
        dropped[column] += 1
        return ()
    kept = values
    if any("@" in _words(value) for value in values):
        kept = tuple(text for text in map(_text, values) if text)
    dropped[column] += kept != values
    return kept


def _words(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell.value


def _text(cell: Cell) -> Cell | None:
    """The cell with no address in it; None if it is nothing else."""
    words = _words(cell)
    if ADDRESS.fullmatch(words.strip().removeprefix("mailto:")):
        return None
    plain = ADDRESS.sub(LEFT, words)
    if plain == words:
        return cell
    if isinstance(cell, str):
        return plain
    return Literal(plain, language=cell.language) if cell.language else Literal(plain, datatype=cell.datatype)


def _triple(triple: Triple) -> Triple | None:
    if is_personal(re.sub(r"^.*[/#]", "", triple.predicate.value)):
        return None
    if isinstance(triple.object, NamedNode) and triple.object.value.startswith(("mailto:", "tel:")):
        return None
    if isinstance(triple.object, Literal) and "@" in triple.object.value:
        text = _text(triple.object)
        return None if text is None else Triple(triple.subject, triple.predicate, text)  # type: ignore[arg-type]
    return triple
