import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from builder.keys import text_key

#: What stands in Chinese pages and what NFKC changes, so that a drawn text has both.
CHINESE = st.text(st.sampled_from("云溪镇今日通水ＡａZ09９，。：“”…—％　 \t〇㈱℃①½ｶﾞe\u0301=\u0338ﬁΣİß～・_"))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("《老井》：３００ 座，Ａ级！", "老井300座a级"),
        ("7月31日，“大清朗”——APP！", "7月31日大清朗app"),
        ("Ⅲ级　响应①", "iii级响应1"),
        ("℃", "c"),
        ("——…！", ""),
        ("", ""),
    ],
)
def test_a_key_holds_letters_and_digits_only(text: str, key: str) -> None:
    assert text_key(text) == key


@given(CHINESE | st.text())
@example("ｶ，ﾞ")
@example("e，\u0301")
def test_the_short_way_gives_what_the_long_way_gives(text: str) -> None:
    assert text_key(text) == re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).lower())


@given(CHINESE | st.text())
def test_the_key_of_a_key_is_itself(text: str) -> None:
    assert text_key(text_key(text)) == text_key(text)
