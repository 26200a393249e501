"""Words found by the trie against words found one at a time."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from builder.label.trie import Trie, code_points

letters = st.text("记者編a𠮷", max_size=12)
words = st.lists(st.text("记者編a", min_size=1, max_size=4), min_size=1, max_size=6, unique=True)


@given(words, letters)
def test_every_word_is_found_at_every_place(some: list[str], text: str) -> None:
    places, numbers = Trie(some).find(code_points([text]))
    want = {(at, n) for n, word in enumerate(some) for at in range(len(text)) if text.startswith(word, at)}
    assert len(places) == len(want)
    assert set(zip(places.tolist(), numbers.tolist(), strict=True)) == want


def test_empty_text_holds_no_word() -> None:
    places, numbers = Trie(["记者"]).find(np.zeros(0, np.uint32))
    assert len(places) == len(numbers) == 0
