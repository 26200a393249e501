"""Alpha and kappa against figures from the literature, and against an independent count."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.review.agreement import measure, share

#: Krippendorff 2011, section C: four observers, twelve units, a blank for a missing vote. Nominal alpha is 0.743.
KRIPPENDORFF = np.array(
    [
        [1, 1, -1, 1],
        [2, 2, 3, 2],
        [3, 3, 3, 3],
        [3, 3, 3, 3],
        [2, 2, 2, 2],
        [1, 2, 3, 4],
        [4, 4, 4, 4],
        [1, 1, 2, 1],
        [2, 2, 2, 2],
        [-1, 5, 5, 5],
        [-1, -1, 1, 1],
        [-1, -1, 3, -1],
    ]
)


def test_alpha_is_that_of_krippendorffs_own_example() -> None:
    found = measure([KRIPPENDORFF], list("012345"), draws=10)
    assert found.n == 11, "a line that one person saw says nothing"
    assert found.alpha.value == pytest.approx(0.743, abs=0.0005)


def test_people_who_always_agree_have_one_and_chance_gives_nothing() -> None:
    same = np.array([[0, 0], [1, 1], [0, 0], [1, 1]])
    assert measure([same], "甲乙", draws=10).kappa.value == 1
    apart = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    assert measure([apart], "甲乙", draws=10).kappa.value == 0


def test_a_role_is_measured_against_all_others() -> None:
    votes = np.array([[0, 0], [1, 1], [1, 1], [2, 1], [1, 2]])
    found = measure([votes], "甲乙丙", draws=10).by_role
    assert found["甲"][1].value == 1
    assert found["丙"][1].value < 0


def test_where_only_one_role_was_given_there_is_no_figure() -> None:
    found = measure([np.array([[0, 0], [0, 0]])], "甲乙", draws=10)
    assert found.alpha.value is None
    assert found.kappa.value is None
    assert measure([], "甲乙", draws=10).alpha.value is None


pages = st.lists(
    st.integers(1, 6).flatmap(
        lambda n: st.lists(st.lists(st.integers(-1, 2), min_size=3, max_size=3), min_size=n, max_size=n)
    ),
    max_size=4,
)


@given(pages)
def test_alpha_is_what_counting_pairs_gives(drawn: list[list[list[int]]]) -> None:
    found = measure([np.array(page) for page in drawn], "甲乙丙", draws=2).alpha.value
    units = [[v for v in row if v >= 0] for page in drawn for row in page]
    units = [unit for unit in units if len(unit) > 1]
    values = [v for unit in units for v in unit]
    observed = sum(sum(a != b for a, b in permutations(unit, 2)) / (len(unit) - 1) for unit in units)
    expected = sum(a != b for a, b in permutations(values, 2))
    if not expected:
        assert found is None
        return
    assert found == pytest.approx(1 - (len(values) - 1) * observed / expected, abs=1e-4)


def test_an_interval_holds_its_figure_and_is_narrower_with_more_pages() -> None:
    few = share(np.array([1.0, 0, 1, 1]), np.ones(4))
    many = share(np.tile([1.0, 0, 1, 1], 50), np.ones(200))
    assert few.value == many.value == 0.75
    assert few.low < many.low < 0.75 < many.high < few.high
