"""Rows that are kept from page to page."""

import numpy as np

from builder.label.known import Known
from builder.label.paths import read_paths
from builder.records import Block

asked: list[list[str]] = []


def lengths(strings: list[str]) -> np.ndarray:
    asked.append(strings)
    return np.array([(len(string), 0.5) for string in strings], ROW)


ROW = np.dtype([("length", np.int64), ("half", np.float32)])


def test_only_new_short_strings_are_read() -> None:
    asked.clear()
    known = Known(lengths, ROW, most=3, chars=4)
    for strings in (["a", "bb", "a"], ["bb", "ccccc"], ["ccccc", "dd"]):
        assert known.rows(strings)["length"].tolist() == [len(string) for string in strings]
    assert asked == [["a", "bb"], ["ccccc"], ["ccccc", "dd"]]


def test_all_are_forgotten_when_there_are_too_many() -> None:
    asked.clear()
    known = Known(lengths, ROW, most=2, chars=4)
    known.rows(["a", "bb", "ccc"])
    assert known.rows(["bb"])["length"].tolist() == [2]
    assert asked == [["a", "bb", "ccc"], ["bb"]]


def test_a_path_says_the_same_beside_other_paths() -> None:
    tags = [f"body/div#main{i}.content/ul.list/li/a" for i in range(3)] + ["body/p", "", "body/div.foot/dl/dt"]
    together = read_paths([Block("字", tag) for tag in tags])
    for i, tag in enumerate(tags):
        alone = read_paths([Block("字", tag + suffix) for suffix in ("", "/i")])
        assert alone.features[0].tolist() == together.features[i].tolist()
        assert alone.containers[0].tolist() == together.containers[i].tolist()


def test_paths_share_the_containers_that_they_lead_through() -> None:
    paths = read_paths([Block("字", tag) for tag in ("body/div#a/p", "body/div#a/ul/li", "body/div#b/p")])
    first, second, third = (set(row.tolist()) - {0} for row in paths.containers)
    assert len(first & second) == 2  # body and div#a
    assert len(first & third) == 1
