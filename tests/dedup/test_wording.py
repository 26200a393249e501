import numpy as np
import pyarrow as pa
import pytest

from builder.dedup.keys import keys_of
from builder.dedup.make_word_table import ordinary_words
from builder.dedup.wording import follows_credit, holds_word, in_title


@pytest.mark.parametrize(
    ("text", "passage", "ordinary"),
    [
        ("县里举行展览", "举行", True),
        ("县里召开会议", "召", True),  # with the character after it
        ("主席王沪宁将作报告", "王沪宁", False),
        ("对乌兹别克斯坦进行访问", "乌兹别克斯坦", False),
    ],
)
def test_a_passage_of_ordinary_words_is_told_from_a_name(text: str, passage: str, ordinary: bool) -> None:
    symbols = keys_of(pa.array([text])).symbols
    begin = np.array([text.index(passage)])
    assert holds_word(symbols, begin, begin + len(passage)).tolist() == [ordinary]


def test_a_name_after_a_credit_is_the_name_of_who_wrote_it() -> None:
    symbols = keys_of(pa.array(["记者王伟对王伟说"])).symbols
    assert follows_credit(symbols, np.array([2, 5])).tolist() == [True, False]


def test_passages_at_both_ends_of_the_symbols_are_looked_at() -> None:
    symbols = keys_of(pa.array(["举行"])).symbols
    assert holds_word(symbols, np.array([0, 1]), np.array([1, 2])).tolist() == [True, True]
    assert follows_credit(symbols, np.array([0])).tolist() == [False]


def test_names_rare_words_and_longer_words_are_not_ordinary() -> None:
    lines = ["举行 5000 v", "後來 900 d", "北京 9000 ns", "王伟 400 nr", "踟蹰 3 v", "进一步 800 d", "见 100 v", ""]
    words = [chr(word >> 16) + chr(word & 0xFFFF) for word in ordinary_words(lines).tolist()]
    assert sorted(words) == ["举行", "后来"]


def test_a_passage_after_an_open_mark_is_in_a_title() -> None:
    symbols = keys_of(pa.array(["读《山塘》和〈青石〉，《" + "长" * 50])).symbols
    begin = np.array([0, 2, 5, 7, 12, 60])
    texts = np.zeros(6, np.int64)
    assert in_title(symbols, begin, texts).tolist() == [False, True, False, True, True, False]
    assert in_title(symbols, begin, texts + 11).tolist() == [False, False, False, False, False, False]
    assert in_title(symbols[:1], begin[:1], texts[:1]).tolist() == [False]
