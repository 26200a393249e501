import unicodedata

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from builder.dedup.keys import JoinedKeys, Keys, digests_of, keys_of, table_digest
from builder.dedup.make_key_table import key_of

# Changed only together with the table: `python -m builder.dedup.make_key_table`.
TABLE_SHA256 = "e6b5e4b2b8cdb898fdb31c45269996ce761cb470f0ae735c8c02bf95308496c6"

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


def key(text: str) -> str:
    return "".join(map(chr, keys_of(pa.array([text], pa.string())).symbols))


def rows(keys: Keys) -> list[list[int]]:
    return [keys.symbols[a:b].tolist() for a, b in zip(keys.offsets, keys.offsets[1:], strict=False)]


def test_the_table_is_made_by_the_rule_for_one_character() -> None:
    letters = [
        c
        for c in map(chr, [*range(0x2E80), *range(0x3040, 0x3130), *range(0xFF00, 0xFFF0)])
        if unicodedata.category(c) != "Cn"
    ]
    keys = rows(keys_of(pa.array(letters)))
    assert ["".join(map(chr, symbols)) for symbols in keys] == [key_of(c, {}) for c in letters]


def test_the_table_is_the_one_whose_digest_is_recorded() -> None:
    assert table_digest() == TABLE_SHA256


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("７月３１日，“云溪”——ＡＰＰ！", "7月31日 云溪 app"),
        ("臨江縣圖書館後天開放，乾淨明亮。", "临江县图书馆后天开放干净明亮"),
        ("裡面為什麼臺階線路", "里面为什么台阶线路"),
        ("裏面爲什麽台阶綫路", "里面为什么台阶线路"),
        ("㈱云溪㎡①", "株云溪m21"),
        ("café", "cafe\u0301"),
        ("云\u200b溪\ufeff桥", "云溪桥"),
    ],
)
def test_width_case_space_script_and_accents_do_not_tell_texts_apart(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(("one", "other"), [("3月1日", "3月2日"), ("第三次", "第四次"), ("東", "西"), ("1.5", "15.0")])
def test_letters_and_digits_tell_texts_apart(one: str, other: str) -> None:
    assert key(one) != key(other)


@given(TEXTS, TEXTS)
def test_the_key_of_two_texts_joined_is_their_keys_joined(a: str, b: str) -> None:
    assert key(a + b) == key(a) + key(b)


@given(TEXTS)
def test_the_key_of_a_key_is_itself(text: str) -> None:
    once = key(text)
    assert all(0xE000 <= ord(c) < 0xF900 or key(c) == c for c in once)


@given(TEXTS)
def test_a_key_is_the_same_for_all_unicode_forms(text: str) -> None:
    assume(not any("가" <= c <= "힣" or unicodedata.name(c, "").startswith("HANGUL") for c in text))
    assert key(unicodedata.normalize("NFC", text)) == key(unicodedata.normalize("NFD", text))


@given(st.lists(st.none() | TEXTS))
def test_keys_do_not_depend_on_the_texts_beside_them(texts: list[str | None]) -> None:
    together = rows(keys_of(pa.array(texts, pa.string())))
    assert together == [rows(keys_of(pa.array([text], pa.string())))[0] for text in texts]


def test_a_slice_of_an_array_has_the_keys_of_its_rows() -> None:
    texts = pa.array(["云溪", "㎡临江", None, "清河"])
    assert rows(keys_of(texts.slice(1, 2))) == rows(keys_of(pa.array(["㎡临江", None])))


def digest(text: str) -> int:
    texts = pa.array([text])
    return int(digests_of(texts, keys_of(texts))[0])


def test_texts_without_letters_are_told_apart_by_what_they_are() -> None:
    assert digest("😀😀") != digest("🎉")
    assert digest("😀😀") == digest("😀😀")
    assert digest("") != digest("。")


def test_digests_are_those_of_the_whole_key() -> None:
    assert digest("云溪，临江") == digest("雲溪臨江")
    assert digest("云溪") != digest("云溪临")


@given(st.lists(st.text("云溪临江清河abc，", max_size=9), min_size=2), st.data())
def test_keys_in_two_places_are_taken_like_keys_in_one(texts: list[str], data: st.DataObject) -> None:
    whole = keys_of(pa.array(texts))
    cut = data.draw(st.integers(0, len(texts)))
    parts = JoinedKeys(keys_of(pa.array(texts[:cut], pa.string())), keys_of(pa.array(texts[cut:], pa.string())))
    wanted = np.array(data.draw(st.lists(st.integers(0, len(texts) - 1))), np.int64)
    assert rows(parts.take(wanted)) == rows(whole.take(wanted))
    assert rows(parts.whole()) == rows(whole)
