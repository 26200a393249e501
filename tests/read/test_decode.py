import random
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.errors import PageError
from builder.read.decode import CODECS, decode

SIMPLIFIED = (
    "云岭市人民政府昨天召开新闻发布会，通报今年上半年全市经济运行情况。",
    "记者从市教育局了解到，新学期全市将新增学位一万二千个，缓解入学难问题。",
    "受冷空气影响，未来三天我省大部分地区气温将明显下降，请市民注意防寒保暖。",
    "“我们的目标是让老百姓在家门口就能看好病。”医院负责人对本报记者说。",
    "截至目前，搜救人员已经找到全部失踪渔民，没有人员伤亡的报告。",
    "这座修建于明代的石桥，经过三年的修复，昨日重新向游客开放。",
    "国家队在决赛中以三比二战胜对手，第五次获得世界冠军。",
    "专家指出，网络购物的快速增长正在改变农村居民的消费习惯！",
    "地铁七号线一期工程全长二十六公里，共设车站十九座，预计后年通车。",
    "他出生在一个普通的工人家庭，十八岁考入大学，学习机械制造。",
)
TRADITIONAL = (
    "雲嶺市政府昨天召開記者會，公布今年上半年全市的經濟情況。",
    "記者從教育局了解到，新學期全市將增加學位一萬二千個，解決入學難的問題。",
    "受冷空氣影響，未來三天各地氣溫將明顯下降，請市民注意防寒保暖。",
    "「我們的目標是讓老百姓在家門口就能看好病。」醫院負責人對本報記者說。",
    "到目前為止，搜救人員已經找到全部失蹤漁民，沒有人員傷亡的報告。",
    "這座建於明代的石橋，經過三年的修復，昨日重新向遊客開放。",
    "國家隊在決賽中以三比二戰勝對手，第五次獲得世界冠軍。",
    "專家指出，網絡購物的快速增長正在改變農村居民的消費習慣！",
    "地鐵七號線一期工程全長二十六公里，共設車站十九座，預計後年通車。",
    "他出生在一個普通的工人家庭，十八歲考入大學，學習機械製造。",
)
NOISE = random.Random(3).randbytes(4000)  # noqa: S311
LABELS = (None, "utf-8", "gb2312", "GBK", "big5", "iso-8859-1", "no-such-charset")


def pages(seed: int) -> list[tuple[str, str, bytes]]:
    """Return codec, declaration of HTTP and bytes of invented pages, from five characters to a few hundred."""
    draw = random.Random(seed)  # noqa: S311 — samples, no secrets
    made = []
    for sentences, codec, length in product((SIMPLIFIED, TRADITIONAL), CODECS, (5, 8, 12, 20, 40, 120, 300)):
        if sentences is SIMPLIFIED and codec == "big5hkscs":
            continue
        for _ in range(40):
            running = "".join(draw.sample(sentences, len(sentences)))
            start = draw.randrange(max(1, len(running) - length))
            text = running[start : start + length]
            meta = draw.choice(LABELS)
            declaration = f'<meta charset="{meta}">' if meta else ""
            markup = f'<html><head>{declaration}<script src="/js/a.js"></script></head><body class="news">{{}}</body>'
            made.append((codec, draw.choice(LABELS), markup.format(f"<p>{text}</p>").encode(codec)))
    return made


def damage(raw: bytes, draw: random.Random) -> bytes:
    """Change, drop or overwrite one byte of a Chinese character."""
    at = draw.choice([i for i, byte in enumerate(raw) if byte > 0x7F])
    return raw[:at] + draw.choice([b"", b"\xff", bytes([draw.randrange(1, 256)])]) + raw[at + 1 :]


def share_right(samples: list[tuple[str, str, bytes]]) -> float:
    right = sum(decode(raw, declared)[1] == codec for codec, declared, raw in samples)
    return right / len(samples)


def test_charset_is_right_on_99_of_100_pages_whatever_they_declare() -> None:
    assert share_right(pages(seed=1)) >= 0.99


def test_charset_is_right_on_95_of_100_pages_with_a_damaged_byte() -> None:
    draw = random.Random(2)  # noqa: S311
    assert share_right([(codec, label, damage(raw, draw)) for codec, label, raw in pages(seed=2)]) >= 0.95


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("declared", LABELS)
def test_a_whole_page_comes_back_exactly_under_any_declaration(codec: str, declared: str | None) -> None:
    text = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' + "".join(TRADITIONAL)
    assert decode(text.encode(codec), declared) == (text, codec)


@pytest.mark.parametrize("bom_codec", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_decides_and_is_removed(bom_codec: str) -> None:
    text, codec = decode("新闻".encode(bom_codec), declared="gbk")
    assert text == "新闻"
    assert codec in {"utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"}


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_is_found_without_its_mark(codec: str) -> None:
    text = "<html><body>\r\n<p>" + SIMPLIFIED[0] + "</p>\r\n</body></html>"
    assert decode(text.encode(codec)) == (text, codec)


def test_a_mark_before_the_bytes_of_another_encoding_does_not_hide_them() -> None:
    body = "".join(SIMPLIFIED)
    assert decode(b"\xef\xbb\xbf" + body.encode("gbk")) == (body, "gb18030")


def test_gb2312_is_read_with_the_characters_of_gb18030() -> None:
    text = "朱镕基、李堃、䶮县，" + SIMPLIFIED[1]
    assert decode(text.encode("gb18030"), "gb2312") == (text, "gb18030")


def test_hong_kong_characters_are_read() -> None:
    text = "佢哋喺深水埗嘅茶餐廳食嘢，" + TRADITIONAL[3]
    assert decode(text.encode("big5hkscs"), "big5") == (text, "big5hkscs")


@pytest.mark.parametrize(("most", "rest"), [("utf-8", "gb18030"), ("gb18030", "utf-8"), ("big5hkscs", "utf-8")])
def test_mixed_encodings_give_the_one_that_holds_more_and_replacement_characters(most: str, rest: str) -> None:
    article, footer = "".join(TRADITIONAL), "版權所有，未經許可不得轉載"
    text, codec = decode(f"<p>{article}</p>".encode(most) + f"<div>{footer}</div>".encode(rest), declared=rest)
    assert codec == most
    assert article in text
    assert footer not in text


def test_a_damaged_byte_costs_its_own_character_only() -> None:
    raw = "云岭市昨天召开新闻发布会".encode()
    assert decode(raw[:4] + b"\xff" + raw[5:])[0].endswith("市昨天召开新闻发布会")


def test_nuls_inside_good_text_stay_for_parsing_to_remove() -> None:
    for codec in CODECS:
        raw = "".join(TRADITIONAL).encode(codec)
        text, found = decode(raw[:30] + b"\0\0" + raw[30:] + b"\0" * 500)
        assert found == codec
        assert text.replace("\0", "") == "".join(TRADITIONAL)


def test_two_stray_nuls_in_mark_up_do_not_make_it_utf16() -> None:
    text = '<html><head><script src="/js/a.js"></script>' + "\0" * 2 + " </head><body class=news>" * 40
    text = text[:101] + "\0" + text[102:301] + "\0" + text[302:]
    assert decode(text.encode()) == (text, "utf-8")


@pytest.mark.parametrize(
    "raw",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\b\6\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xff\xff?\0",
        b"\xff\xd8\xff\xe0\0\x10JFIF" + NOISE,
        b"PK\3\4\x14\0\6\0\b\0" + NOISE,
        b"\0" * 900 + b"\1\2\3\4" * 30,
    ],
    ids=["png", "jpeg", "zip", "only-controls"],
)
def test_binary_data_is_refused_by_name(raw: bytes) -> None:
    with pytest.raises(PageError) as caught:
        decode(raw)
    assert caught.value.reason == "read:binary"


def test_an_empty_page_is_empty_text() -> None:
    assert decode(b"") == ("", "utf-8")


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff")))
def test_any_utf8_text_comes_back_whole(text: str) -> None:
    assert decode(text.encode()) == (text, "utf-8")


@given(st.binary(max_size=300), st.none() | st.text(max_size=12))
def test_any_bytes_give_text_or_a_page_error(raw: bytes, declared: str | None) -> None:
    try:
        text, _ = decode(raw, declared)
        reason = None
    except PageError as error:
        text, reason = "", error.reason
    assert isinstance(text, str)
    assert reason in (None, "read:binary")
