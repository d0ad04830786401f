"""Parameters are decoded as urllib decodes them, however long they are."""

from urllib.parse import parse_qsl, quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solld.errors import BadQuery, TooLarge
from solld.web import protocol

PARTS = (
    *(b"%41", b"%e2%82%ac", b"%3D", b"=", b"+", b"%", b"%zz", b"%4", b"a", b"\xc3\xa9", b"\n", b"\r\n", b" ", b"%0A"),
    *(b"%0d%0a", b"==", b"_", b".", b"%3d%0a", b"%C3%A9", b"\t", b"~", b"&", b"%aa", b"3D"),
)


@given(st.lists(st.sampled_from(PARTS), max_size=12).map(b"".join), st.booleans())
def test_long_and_short_parameters_are_read_alike(value: bytes, is_long: bool) -> None:
    text = b"q=" + value + (b"&r=" + b"a" * protocol.LONG + value if is_long else b"")
    try:
        expected = parse_qsl(text.decode(), keep_blank_values=True, encoding="utf-8", errors="strict")
    except UnicodeDecodeError:
        with pytest.raises(BadQuery):
            protocol.pairs(text, "utf-8", "the form")
    else:
        assert protocol.pairs(text, "utf-8", "the form") == expected


def test_too_many_parameters_are_refused() -> None:
    assert len(protocol.pairs(b"&".join([b"a=1"] * protocol.FIELDS), "utf-8", "the form")) == protocol.FIELDS
    with pytest.raises(BadQuery, match="more than"):
        protocol.pairs(b"&".join([b"a=1"] * (protocol.FIELDS + 1)), "utf-8", "the form")


@pytest.mark.parametrize("text", ["ASK {} #" + "\\" * 1000, "ASK {} #" + "é" * 500, "ASK {} #" + "a" * 1000])
def test_a_query_that_is_too_long_is_refused_before_it_is_decoded_and_one_that_fits_is_not(text: str) -> None:
    body = b"query=" + quote(text, safe="").encode()
    size = len(text.encode())
    assert protocol.read("POST", b"", protocol.FORM, body, size).query == text
    with pytest.raises(TooLarge, match="bytes"):
        protocol.read("POST", b"", protocol.FORM, body, size - 1)
