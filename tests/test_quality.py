import random

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.quality import QualitySettings, columns_of, drop_poor, find_fault, longest_repeat, measure, measure_all
from builder.schemas import ARTICLE_COLUMNS, PAGES

SIMPLIFIED = "临江新桥今日建成通车，两岸居民过江的时间从四十分钟缩短到八分钟。"
TRADITIONAL = "臨江新橋今日建成通車，兩岸居民過江的時間從四十分鐘縮短到八分鐘。"
CANTONESE = "佢哋今朝喺橋頭等咗成個鐘，話呢條橋起好之後就唔使再搭船喇。"


@pytest.mark.parametrize(
    ("text", "script"),
    [
        (SIMPLIFIED, "simplified"),
        (TRADITIONAL, "traditional"),
        (SIMPLIFIED + TRADITIONAL, "mixed"),
        (SIMPLIFIED * 3 + "他的书斋名为“聽橋樓”。", "simplified"),
        ("2024-05-01 08:00", None),
        ("大家好，我是小王。", None),
        ("", None),
    ],
)
def test_script(text: str, script: str | None) -> None:
    assert measure(text).script == script


def test_cantonese_is_told_from_standard_chinese_and_from_a_quotation_in_it() -> None:
    assert measure(CANTONESE).cantonese
    assert not measure(TRADITIONAL).cantonese
    assert not measure(TRADITIONAL * 6 + "他笑說：“唔緊要啦。”兩人的關係很好。").cantonese


def test_han_ratio_counts_what_is_shown() -> None:
    assert measure("通 车\nab").han_ratio == 0.5
    assert measure("").han_ratio == 0
    assert measure("𠮷㐂").han_ratio == 1


@pytest.mark.parametrize(
    "text",
    [
        "锟斤拷锟斤拷通车",
        SIMPLIFIED.encode().decode("gbk", "replace"),
        SIMPLIFIED.encode().decode("cp1252", "replace"),
        "烫烫烫烫",
    ],
)
def test_wrong_decoding_shows(text: str) -> None:
    assert measure(text).n_mojibake > 0


@pytest.mark.parametrize(
    "text", [SIMPLIFIED, TRADITIONAL, CANTONESE, "café naïve Århus é, “ok” — 50 €…", "锛子、凿子", "水很烫"]
)
def test_text_that_is_whole_shows_no_wrong_decoding(text: str) -> None:
    assert measure(text).n_mojibake == 0


def test_replacement_characters_are_counted() -> None:
    assert measure("通\ufffd\ufffd车").n_replacement == 2


@given(st.text("天地玄", max_size=14))
def test_the_longest_repeat_is_the_one_found_by_trying_all(text: str) -> None:
    tried = [n for i in range(len(text)) for n in range(1, len(text) - i + 1) if text[i : i + n] in text[i + 1 :]]
    assert longest_repeat(text) == max(tried, default=0)


def test_a_text_that_stands_twice_repeats_its_half() -> None:
    assert measure(SIMPLIFIED * 2).max_repeat_ratio == 0.5
    text = "".join(random.Random(1).choices("天地玄黄宇宙洪荒", k=20_000))  # noqa: S311 - a text, no secret
    assert longest_repeat(text) < 20


@pytest.mark.parametrize(
    ("text", "settings", "reason", "detail"),
    [
        ("abc通车", QualitySettings(min_han_ratio=0.5), "quality:han-ratio", "0.4, [quality] min_han_ratio is 0.5"),
        ("路灯路灯", QualitySettings(max_repeat_ratio=0), "quality:repeats", "0.5, [quality] max_repeat_ratio is 0"),
        ("锟斤拷", QualitySettings(max_mojibake=0), "quality:mojibake", "1, [quality] max_mojibake is 0"),
        ("\ufffd", QualitySettings(max_replacement=0), "quality:replacement", "1, [quality] max_replacement is 0"),
        ("臨橋", QualitySettings(scripts=("mixed",)), "quality:script", "traditional, [quality] scripts are mixed"),
        (CANTONESE, QualitySettings(drop_cantonese=True), "quality:cantonese", "[quality] drop_cantonese is true"),
    ],
)  # fmt: skip
def test_a_drop_has_a_reason_and_says_the_figures_but_not_the_text(
    text: str, settings: QualitySettings, reason: str, detail: str
) -> None:
    fault = find_fault(text, settings)
    assert fault is not None
    assert (fault.reason, fault.detail) == (reason, detail)


def test_the_defaults_drop_nothing() -> None:
    for text in (SIMPLIFIED, CANTONESE, "锟斤拷\ufffd", ""):
        assert find_fault(text, QualitySettings()) is None


def test_a_dropped_article_leaves_its_page_and_its_blocks() -> None:
    empty = dict.fromkeys(PAGES.names)
    rows = [
        empty | {"source": "a", "text": SIMPLIFIED, "title": "通车", "byline": ["沈若川"], "partial": False},
        empty | {"source": "b", "text": "锟斤拷", "title": "乱码", "byline": [], "partial": False},
        empty | {"source": "c", "reject": "parse:no-text", "detail": "nothing"},
    ]
    pages = pa.Table.from_pylist(rows, schema=PAGES)
    kept, dropped, rejected = drop_poor(pages, QualitySettings(max_mojibake=0)).to_pylist()
    assert kept == pages.to_pylist()[0]
    assert (dropped["source"], dropped["reject"]) == ("b", "quality:mojibake")
    assert all(dropped[name] is None for name in ARTICLE_COLUMNS)
    assert rejected == pages.to_pylist()[2]


def test_columns_stand_row_for_row() -> None:
    columns = columns_of([SIMPLIFIED, CANTONESE])
    assert columns["script"].to_pylist() == ["simplified", "traditional"]
    assert columns["cantonese"].to_pylist() == [False, True]
    assert columns["n_mojibake"].type == pa.int32()


@given(st.lists(st.text("大橋桥佢哋嘅锟斤拷ã€å¤ \ufffd\n", max_size=30)))
def test_many_texts_are_measured_as_each_alone(texts: list[str]) -> None:
    assert measure_all(texts) == [measure(text) for text in texts]


def test_a_character_has_a_script_when_the_codec_of_one_script_alone_has_it() -> None:
    for character in map(chr, range(0x4E00, 0xA000)):
        simplified, traditional = (bool(character.encode(codec, "ignore")) for codec in ("gb2312", "big5"))
        wanted = None if simplified == traditional else "simplified" if simplified else "traditional"
        assert measure(character).script == wanted
