import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.dedup.edges import Measures, compare
from builder.dedup.keys import keys_of
from tests.dedup.news import seeded

SYMBOLS = "12《》一二年月日记者王举行京ab"


def texts_of(seed: int) -> list[str]:
    """Texts that share much, and some that are too short to share anything."""
    r = seeded(seed)
    base = r.choices(SYMBOLS, k=r.randint(0, 80))
    texts = []
    for _ in range(6):
        text = [r.choice(SYMBOLS) if r.random() < 0.04 else c for c in base]
        begin = r.randint(0, len(text)) if r.random() < 0.4 else 0
        texts.append("".join(text[begin:]))
    return texts


def rows(measures: Measures) -> list[tuple[float, ...]]:
    return list(zip(*(np.asarray(column).tolist() for column in measures), strict=True))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_a_pair_is_compared_alike_in_any_company(seed: int) -> None:
    keys = keys_of(pa.array(texts_of(seed)))
    left, right = np.divmod(np.arange(36), 6)
    together = rows(compare(keys, left, right))
    alone = [rows(compare(keys, left[i : i + 1], right[i : i + 1]))[0] for i in range(36)]
    assert together == alone


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32))
def test_which_text_stands_on_the_left_does_not_matter(seed: int) -> None:
    keys = keys_of(pa.array(texts_of(seed)))
    left, right = np.triu_indices(6, 1)
    one, other = compare(keys, left, right), compare(keys, right, left)
    assert rows(one._replace(core=one.shared)) == rows(
        other._replace(left=other.right, right=other.left, core=other.shared)
    )


def test_texts_without_shingles_share_nothing() -> None:
    keys = keys_of(pa.array(["", "京", "2日", "2日"]))
    assert compare(keys, np.array([0, 1, 2]), np.array([1, 2, 3])).shared.tolist() == [0, 0, 0]
