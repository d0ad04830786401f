"""Sources: what others publish is read as it is written, nothing lost and nothing invented, however large or dirty."""

import csv
import io
import json
import re
import tracemalloc
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solld import sources
from solld.errors import SourceFailed
from solld.sources import Cell, Row, Source, headers, shallow, tables

FILES = {  # file of the shared data -> (source, rows)
    "coops-uk/2016_open_data_organisations.csv": ("csv", 8037),
    "coops-uk/2022-Q2_standard.csv": ("csv", 7272),
    "coops-uk/2023-Q2_standard.csv": ("csv", 7387),
    "ess-numerique-fr/01_ess_x_naf.csv": ("csv", 2061),
    "ess-numerique-fr/04_ess_flag_insee.csv": ("csv", 3375),
    "ess-numerique-fr/x_enriched.csv": ("csv", 3667),
    "tech-coops/tech-coops.csv": ("csv", 172),
    "susy-ssedas/susy-ssedas.geojson": ("geojson", 1794),
    "gogocarto/susy-fr-be-gb.gogocarto.json": ("gogocarto", 598),
}


def rows(content: bytes, name: str = "file") -> list[Row]:
    source = sources.recognised(content[: sources.HEAD], name)
    return list(source.read(io.BytesIO(content)))


def cells(content: bytes) -> list[dict[str, tuple[Cell, ...]]]:
    return [dict(row.cells) for row in rows(content)]


# The contract ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", sources.load(), ids=lambda source: source.name)
def test_a_source_keeps_the_contract(source: Source) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9-]*", source.name)
    assert source.title
    assert all("/" in each and each == each.lower() for each in source.media_types)
    for head in (b"", b" ", b"\0\0\0\0", b"\xff\xfe", b"%PDF-1.7 \xe2\xe3", bytes(range(256))):
        assert 0 <= source.likes(head) <= 1
    assert sources.named(source.name) is source


def test_names_and_media_types_are_of_one_source() -> None:
    for values in ([each.name for each in sources.load()], [m for each in sources.load() for m in each.media_types]):
        assert len(values) == len(set(values))


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"%PDF-1.7\n\xe2\xe3\xcf", b"\x1f\x8b\x08\0\0\0\0\0\0\3abc", b"one word"]
)
def test_what_is_nothing_of_this_is_refused(content: bytes) -> None:
    with pytest.raises(SourceFailed, match="the-file"):
        sources.recognised(content, "the-file")


@given(st.binary(max_size=2000))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        found = rows(content)
    except SourceFailed:
        return
    assert all(str(value).strip() for row in found for values in row.cells.values() for value in values)


# The real files -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_real_files_are_known_for_what_they_are(shared: Path, name: str) -> None:
    kind, number = FILES[name]
    path = shared / "data" / name
    with path.open("rb") as file:
        source = sources.recognised(file.read(sources.HEAD), name)
        file.seek(0)
        assert source.name == kind
        found = list(source.read(file))
    assert len(found) == number
    assert len({row.place for row in found}) == number


@pytest.mark.parametrize("name", [name for name, (kind, _) in FILES.items() if kind == "csv"])
def test_each_cell_of_a_table_is_read(shared: Path, name: str) -> None:
    content = (shared / "data" / name).read_bytes()
    expected = [
        {column: (cell,) for column, cell in row.items() if cell.strip()}
        for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    ]
    found = cells(content)
    assert [{headers.header_of([[c]])[0]: v for c, v in row.items()} for row in expected] == found


def test_each_feature_is_read_with_the_digits_of_its_point(shared: Path) -> None:
    content = (shared / "data" / "susy-ssedas" / "susy-ssedas.geojson").read_bytes()
    found = cells(content)
    features = json.loads(content, parse_float=str)["features"]
    for row, feature in zip(found, features, strict=True):
        longitude, latitude = map(str, feature["geometry"]["coordinates"][:2])
        assert (row["longitude"], row["latitude"]) == ((longitude,), (latitude,))
        expected = {k: (str(v),) for k, v in feature["properties"].items() if str(v).strip()}
        assert {k: v for k, v in row.items() if k not in ("longitude", "latitude")} == expected


def test_each_element_is_read(shared: Path) -> None:
    content = (shared / "data" / "gogocarto" / "susy-fr-be-gb.gogocarto.json").read_bytes()
    for row, element in zip(cells(content), json.loads(content, parse_float=Decimal)["data"], strict=True):
        assert row["id"] == (element["id"],)
        assert row["geo.latitude"] == (str(element["geo"]["latitude"]),)
        assert row.get("address.postalCode", ("",))[0] == element["address"].get("postalCode", "")
        assert row.get("categories", ()) == tuple(element["categories"])


# Dirt -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_any_separator_and_encoding(separator: str, encoding: str, end: str) -> None:
    header = ["id", "nom", "présentation"]
    table = [[str(n), f"Épicerie n° {n}", f"Coopérative ; dite « l’Élan », à Évreux | {n}\tetc."] for n in range(40)]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator=end).writerows([header, *table])
    found = cells(out.getvalue().encode(encoding))
    assert found == [{c: (v,) for c, v in zip(header, row, strict=True)} for row in table]


def test_a_table_that_is_no_good_everywhere() -> None:
    text = 'a,a,,b  c\n1,,x,"two\nlines, and a ""quote"""\n\n , ,,\n2,3\n'
    assert cells(text.encode()) == [
        {"a": ("1",), "column 3": ("x",), "b c": ('two\nlines, and a "quote"',)},
        {"a": ("2",), "a 2": ("3",)},
    ]


WORDS = {
    "cp1252": [
        "Associação Açores, São João",
        "Città d’Università",
        "Ênfase à Évreux",
        "Straße Größe Übung",
        "Søren Ærø",
    ],
    "cp1250": ["Spółdzielnia „Żółta” Łódź", "Družstvo Šíp Příbram", "Szövetkezet Őrség fűszer", "Şcoala Ţărănească"],
    "iso8859_2": ["Spółdzielnia Żółta Łódź ąś"],
    "cp1251": ["Кооператив Заря"],
    "cp1253": ["Κοινωνική Επιχείρηση Ανάπτυξη"],
    "cp1254": ["Kadın Kooperatifi Şule", "İzmir Güneş ağaç"],
    "cp1256": ["تعاونية الأمل تونس"],
    "cp1257": ["Žemės ūkio kooperatyvas Šiaulių"],
    "mac_roman": ["Épicerie Élan à Évreux"],
    "cp932": ["生活協同組合コープ東京"],
    "cp949": ["협동조합 서울"],
    "big5": ["主婦聯盟生活消費合作社"],
    "utf-16-le": ["Épicerie"],
}


@pytest.mark.parametrize(("name", "word"), [(name, word) for name, words in WORDS.items() for word in words])
def test_a_table_is_read_in_the_encoding_that_it_is_in(name: str, word: str) -> None:
    lines = "".join(f"{n};{word};x\r\n" for n in range(20))
    assert {row["name"] for row in cells(f"id;name;x\r\n{lines}".encode(name))} == {(word,)}


def test_what_was_pasted_into_utf_8_spoils_nothing_else() -> None:
    lines = ["id,name", *(f"{n},Épicerie {n}" for n in range(50))]
    content = "\n".join(lines).encode().replace("Épicerie 30".encode(), "Épicerie 30".encode("cp1252"))
    assert [row["name"] for row in cells(content)] == [(f"Épicerie {n}",) for n in range(50)]


def test_signs_that_nobody_sees_are_no_part_of_a_table() -> None:
    lines = "".join(f"{n}\tUnion {n}\tLeeds\n" for n in range(50)).replace("Union 5\t", "Union\0 5\t")
    assert cells(f"\ufeffid\tname\ttown\n{lines}".encode())[5] == {
        "id": ("5",),
        "name": ("Union 5",),
        "town": ("Leeds",),
    }


@pytest.mark.parametrize(
    "above",
    ["", "Directory of 2024\n\n", "Directory of 2024;;;\n;;;\n", "sep=;\n", "Site;;Place;\n"],
)
def test_a_header_has_titles_above_it(above: str) -> None:
    lines = "".join(f"{n};Lamp {n};Oban;56.{n}\n" for n in range(9))
    assert cells(f"{above}id;name;town;lat\n{lines}".encode())[3] == {
        "id": ("3",),
        "name": ("Lamp 3",),
        "town": ("Oban",),
        "lat": ("56.3",),
    }


def test_a_first_record_is_no_header() -> None:
    text = ",name,town,\nA,Lamp A,Oban,x\nB,Lamp B,Oban,\nC,Lamp C,Oban,\nD,Lamp D,Oban,\n"
    assert [row["name"] for row in cells(text.encode())] == [(f"Lamp {c}",) for c in "ABCD"]


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"a,b\n1,2\n3,4,5\n", "line 3"),
        (b'a,b,c\n1,2,3\n4,"5,6\n7,8,9\n10,"11",12\n13,14,15\n', "line 3: a quotation mark"),
        (b'a,b,c\n1,2,3\n4,"5,6\n7,8,9\n10,11,12\n', "line 3: a quotation mark"),
        (b"a,b\n" + b"1,2\n" * 100_000 + b"\xe9,2\n", "line 100002"),
        (b"\xff\xfe" + "a,b\n1,2\n".encode("utf-16-le") + b"\x00\xdc", "utf-16"),
        (b'a,b\n1,"' + b"x" * (tables.LARGEST + 10), "line"),
        (b'{"data": [{"a": 1}, {"a": ', r"data\[0\]"),
        (b'{"data": [1, 2]}', "no list of objects"),
        (b'[{"a": 1}, {"a": \xff}]', "JSON"),
        (b'[{"a": ' + b'{"a": ' * 50 + b"1" + b"}" * 50 + b"}]", "deep"),
        (b"[" * 100_000, "without end"),
        (b'{"a": ' * 100_000, "without end"),
        (b'[{"a": "x"}, {"b": ' + b"[" * 100_000, "without end"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(content: bytes, place: str) -> None:
    with pytest.raises(SourceFailed, match=place):
        rows(content)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            b'[{"a": 1.50, "b": null, "c": true, "d": "", "e": [1, [2], {"f": 3}]}]',
            {"a": ("1.50",), "c": ("true",), "e": ("1", "2"), "e.f": ("3",)},
        ),
        (b'{"meta": {"n": 1}, "items": [{"x": {"y": "z"}}]}', {"x.y": ("z",)}),
        (b'\xef\xbb\xbf[{"a": "\\u00e9"}]', {"a": ("é",)}),
        (b'{"a": [], "b": [1], "c": [{"d": 12345678901234567890.123}]}', {"d": ("12345678901234567890.123",)}),
    ],
)
def test_objects_are_columns(content: bytes, expected: dict[str, tuple[str, ...]]) -> None:
    assert cells(content) == [expected]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('{"fields": [{"id": "n"}, {"id": "m"}, {"id": "o"}], "records": [{"n": 1}, {"n": 2}]}', ["1", "2"]),
        ('{"tags": [{"n": 9}], "places": {"rows": [{"n": 1, "links": [{"n": 7}, {"n": 8}]}, {"n": 2}]}}', ["1", "2"]),
        ('{"a": {"n": 1, "links": [{"x": 7}, {"x": 8}]}, "b.c": {"n": 2}}', ["1", "2"]),
        ('{"data": {"a": {"n": 1}, "b": {"n": 2}}, "status": "ok"}', ["1", "2"]),
        ('{"n": 1, "links": [{"x": 7}]}\n{"n": 2}\n', ["1", "2"]),
        ('[{"n": 1}, {"n": 2}]', ["1", "2"]),
        ('{"links": [{"n": 1}]}', ["1"]),
    ],
)
def test_records_are_found_in_whatever_shape(content: str, expected: list[str]) -> None:
    assert [row["n"] for row in cells(content.encode())] == [(n,) for n in expected]


def test_members_have_their_keys() -> None:
    text = '{"a-17": {"n": 1}, "b-3": {"n": 2, "id": "own"}}'
    assert [row["id"] for row in cells(text.encode())] == [("a-17",), ("own",)]


@pytest.mark.parametrize(
    ("geometry", "expected"),
    [
        ('{"type": "Point", "coordinates": [1.10, -2.0]}', {"longitude": ("1.10",), "latitude": ("-2.0",)}),
        ('{"type": "Polygon", "coordinates": [[[1, 2], [3, 4], [5, 6], [1, 2]]]}', {"geometry": ("Polygon",)}),
        ('{"type": "MultiPoint", "coordinates": [[1.10, 2]]}', {"longitude": ("1.10",), "latitude": ("2",)}),
        ('{"type": "MultiPoint", "coordinates": [[1, 2], [3, 4]]}', {"geometry": ("MultiPoint",)}),
        ("null", {}),
        ('{"type": "Point", "coordinates": []}', {}),
    ],
)
def test_only_a_point_is_a_point(geometry: str, expected: dict[str, tuple[str, ...]]) -> None:
    feature = f'{{"type": "Feature", "id": 7, "geometry": {geometry}, "properties": null}}'
    text = f'{{"type": "FeatureCollection", "features": [{feature}]}}'
    assert cells(text.encode()) == [{"id": ("7",), **expected}]


@pytest.mark.parametrize("kind", ["csv", "json", "geojson"])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "large"
    with path.open("w", encoding="utf-8") as file:
        if kind == "csv":
            file.write("id,name,text\n")
            file.writelines(f"{n},name {n},{'x' * 200}\n" for n in range(60_000))
        else:
            point = '{{"type": "Point", "coordinates": [1.5, {0}]}}'
            feature = '{{"type": "Feature", "geometry": ' + point + ', "properties": {{"id": {0}}}}}'
            whole = feature if kind == "geojson" else '{{"id": {0}, "text": "' + "x" * 100 + '"}}'
            file.write('{"type": "FeatureCollection", "features": [' if kind == "geojson" else "[")
            file.writelines(("," if n else "") + whole.format(n) for n in range(60_000))
            file.write("]}" if kind == "geojson" else "]")
    with path.open("rb") as opened:
        source = sources.recognised(opened.read(sources.HEAD), "large")
        opened.seek(0)
        tracemalloc.start()
        number = sum(1 for _ in source.read(opened))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert (source.name, number) == (kind, 60_000)
    assert most < path.stat().st_size / 2
    assert most < 4 * 2**20


PIECES = st.integers(1, 9)
VALUES = st.recursive(
    st.text('[]{}"\\ab', max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('[{"\\'), inner, max_size=2),
)


def deepest(value: object) -> int:
    inside = value if isinstance(value, list) else list(value.values()) if isinstance(value, dict) else None
    return 0 if inside is None else 1 + max(map(deepest, inside), default=0)


@given(VALUES, PIECES, st.integers(1, 4))
def test_only_what_is_nested_too_deep_is_refused(value: object, size: int, most: int) -> None:
    """Whatever texts are in it, and wherever it is cut into pieces."""
    file = shallow.Shallow(io.BytesIO(json.dumps(value).encode()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shallow, "DEEPEST", most)
        try:
            while file.read(size):
                pass
        except SourceFailed:
            assert deepest(value) > most
        else:
            assert deepest(value) <= most
