"""Files that come packed are unpacked, within the limit; and a file knows the URL that it is from."""

import bz2
import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from hostile import hostile, redirect, says
from solld.errors import SourceFailed
from solld.harvesting.limits import Most
from solld.harvesting.packed import unpack
from solld.harvesting.urls import came_from
from test_harvest import said, solld
from test_sources_services import site  # noqa: F401

TABLE = "id,name\n1,Élan\n2,Pré\n".encode()
MANY = Most(1000, "harvest.megabytes")


def zipped(**files: bytes) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return into.getvalue()


def tarred(content: bytes) -> bytes:
    into = io.BytesIO()
    with tarfile.open(fileobj=into, mode="w:gz") as archive:
        member = tarfile.TarInfo("list.csv")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return into.getvalue()


PACKED = {
    "gzip": gzip.compress(TABLE),
    "members": gzip.compress(TABLE[:9]) + gzip.compress(TABLE[9:]),
    "bzip2": bz2.compress(TABLE),
    "zip": zipped(list__csv=TABLE),
    "macos": zipped(**{"list__csv": TABLE, ".DS_Store": b"x", "__MACOSX/._list__csv": b"y"}),
}


@pytest.mark.parametrize("content", PACKED.values(), ids=PACKED)
def test_what_is_packed_is_unpacked_in_its_place(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    assert unpack(tmp_path / "file", "https://a.example/x", MANY)
    assert (tmp_path / "file").read_bytes() == TABLE
    assert not unpack(tmp_path / "file", "https://a.example/x", MANY)
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


ENCRYPTED = bytearray(PACKED["zip"])
ENCRYPTED[6] |= 1  # the flag of a member that needs a password, which the directory repeats
ENCRYPTED[PACKED["zip"].index(b"PK\x01\x02") + 8] |= 1
ROTTEN = bytearray(PACKED["zip"])
ROTTEN[45] ^= 0xFF  # within what is compressed: its sum is another
REFUSED = {
    "cut": (PACKED["gzip"][:-9], "cannot be unpacked"),
    "cut bzip2": (PACKED["bzip2"][:-9], "cannot be unpacked"),
    "broken": (PACKED["gzip"][:12] + b"\xff" * 20, "cannot be unpacked"),
    "cut zip": (PACKED["zip"][:-9], "cannot be unpacked"),
    "rotten zip": (bytes(ROTTEN), "cannot be unpacked"),
    "encrypted": (bytes(ENCRYPTED), "password"),
    "bomb": (gzip.compress(b"a" * 10**6), r"larger than 1000 bytes \(harvest.megabytes\) when unpacked"),
    "zip bomb": (zipped(a=b"a" * 10**6), "larger than 1000 bytes"),
    "empty zip": (zipped(), "without a file"),
    "several": (zipped(a__csv=TABLE, b__csv=TABLE), "ZIP of 2 files; .*a.csv, b.csv"),
    "workbook": (zipped(**{"xl/workbook__xml": b"<x/>", "x": b""}), "workbook of Excel"),
    "tar": (tarred(TABLE), "tar archive|larger"),
    "7z": (b"7z\xbc\xaf\x27\x1c rest", "packed as 7z"),
}


@pytest.mark.parametrize(("content", "words"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_unpacked_is_told(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "file").write_bytes(content)
    most = Most(20_000, "harvest.megabytes") if words.startswith("tar") else MANY
    with pytest.raises(SourceFailed, match=words) as failure:
        unpack(tmp_path / "file", "https://a.example/x", most)
    assert failure.value.place == "https://a.example/x"
    assert not (tmp_path / "file.unpacked").exists()


def test_a_fragment_names_the_file_in_a_zip(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    path.write_bytes(zipped(**{"a__csv": b"id\n1\n", "in/b__csv": TABLE}))
    assert unpack(path, "https://a.example/all.zip#in/b.csv", MANY, tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == TABLE
    with pytest.raises(SourceFailed, match=r"no file c\.csv in it; there are a\.csv, in/b\.csv"):
        unpack(path, "https://a.example/all.zip#c.csv", MANY)


@pytest.mark.parametrize("where", ["/list.csv.gz", "/all.zip#in/b.csv"])
def test_a_packed_file_is_a_source(site: Path, where: str) -> None:  # noqa: F811
    content = zipped(**{"a__csv": b"id\n1\n", "in/b__csv": TABLE}) if "zip" in where else PACKED["gzip"]
    with hostile({where.partition("#")[0]: says(content)}) as server:
        assert solld(site, "add-source", server.url(where), "--name", "list") == 0
        for _ in range(2):
            assert solld(site, "harvest", "list") == 0
            assert sorted(each["prefLabel"][0].partition("@")[0] for each in said(site, "list").values()) == [
                "Pré",
                "Élan",
            ]
    file = site / where[1:].partition("#")[0]
    file.write_bytes(content)
    assert solld(site, "add-source", str(site / where[1:]), "--name", "file") == 0
    assert solld(site, "harvest", "file") == 0
    assert len(said(site, "file")) == 2
    assert file.read_bytes() == content


RELATIVE = {
    "turtle": b"@prefix schema: <http://schema.org/> . <shop/1#me> a schema:Store ; "
    b'schema:name "One"@en ; schema:url </1> .',
    "rdf+xml": b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:s="http://schema.org/">'
    b'<s:Store rdf:about="shop/1#me"><s:name xml:lang="en">One</s:name><s:url rdf:resource="/1"/></s:Store></rdf:RDF>',
    "json-ld": b'{"@context": "https://schema.org", "@id": "shop/1#me", "@type": "Store", "name": {"@value": "One", '
    b'"@language": "en"}, "url": "/1"}',
    "microdata": b'<!DOCTYPE html><html lang="en"><body><div itemscope itemid="shop/1#me" '
    b'itemtype="http://schema.org/Store"><b itemprop="name">One</b><a itemprop="url" href="/1">x</a>'
    b"</div></body></html>",
    "script": b'<!DOCTYPE html><html><head><base href="/lists/"><script type="application/ld+json">{"@context": '
    b'"https://schema.org", "@id": "shop/1#me", "@type": "Store", "name": '
    b'{"@value": "One", "@language": "en"}, "url": "/1"}'
    b"</script></head><body></body></html>",
}


@pytest.mark.parametrize("content", RELATIVE.values(), ids=RELATIVE)
@pytest.mark.parametrize("moved", [False, True], ids=["there", "moved"])
def test_what_is_relative_is_so_to_the_url_of_the_file(site: Path, content: bytes, moved: bool) -> None:  # noqa: F811
    behaviours = {"/lists/all": says(content), "/latest": redirect("/lists/all?signature=1#x")}
    with hostile(behaviours) as server:
        where = server.url("/latest" if moved else "/lists/all")
        assert solld(site, "add-source", where, "--name", "list") == 0
        assert solld(site, "harvest", "list") == 0
        root = server.url("")
    (found,) = (each for each in said(site, "list").values() if "url" in each)
    assert found["prefLabel"][0].startswith("One@")
    assert found["url"] == [f"{root}/1"]
    assert f"{root}/lists/shop/1#me" in repr(found)


def test_a_signature_is_no_part_of_where_a_file_is_from() -> None:
    assert came_from("https://a.example/x?y=1", "https://a.example/x?y=1") == "https://a.example/x?y=1"
    assert came_from("https://a.example/x.zip#y", "https://a.example/x.zip") == "https://a.example/x.zip"
    assert came_from("https://a.example/x", "https://b.example/z?signature=1") == "https://b.example/z"
