import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from builder.publish.dealt import Dealt, mixed


@given(st.lists(st.lists(st.integers(0, 40), max_size=30), max_size=8), st.integers(8, 400))
def test_every_record_comes_back_once_and_equal_ones_together_in_order(given: list[list[int]], part_bytes: int) -> None:
    dealt = Dealt([("word", "<u8"), ("turn", "<u4")], 12 * sum(map(len, given)), part_bytes)
    turn = 0
    for words in given:
        records = np.zeros(len(words), dealt.dtype)
        records["word"], records["turn"] = words, range(turn, turn + len(words))
        turn += len(words)
        dealt.add(records, mixed(records["word"]))
    parts = [part.tolist() for part in dealt.parts()]
    assert sorted(turn for part in parts for _, turn in part) == list(range(turn))
    homes = [{word for word, _ in part} for part in parts]
    assert sum(map(len, homes)) == len(set().union(*homes))
    assert all(part == sorted(part, key=lambda record: record[1]) for part in parts)
