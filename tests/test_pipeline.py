from collections import Counter
from pathlib import Path

import pytest

from builder.engines.embedded import Embedded
from builder.engines.over_folders import PARTITION_BYTES
from builder.errors import TooManyRejectsError
from builder.page_table import make_pages
from builder.pipeline import SHARD_BYTES, SHARD_FILES, build, check_rejects, inputs_tables
from builder.read import Input, ReadSettings, find_inputs
from builder.schemas import INPUTS, PAGES
from builder.settings import Settings
from builder.tables import shard_paths


def an_input(number: int, n_bytes: int = 10) -> Input:
    return Input(f"/pages/{number:04}.html", f"pages/{number:04}.html", "html", "", n_bytes, f"{number:064x}")


def test_inputs_are_cut_by_number_of_files_and_by_bytes() -> None:
    many = list(inputs_tables(an_input(n) for n in range(SHARD_FILES + 1)))
    assert [table.num_rows for table in many] == [SHARD_FILES, 1]
    large = list(inputs_tables(an_input(n, SHARD_BYTES) for n in range(3)))
    assert [table.num_rows for table in large] == [1, 1, 1]


def test_no_input_is_an_empty_table_of_inputs() -> None:
    (empty,) = inputs_tables([])
    assert empty.schema == INPUTS
    assert empty.num_rows == 0


def test_no_input_gives_no_pages() -> None:
    (empty,) = inputs_tables([])
    (pages,) = make_pages(empty, read=ReadSettings())
    assert pages.schema == PAGES
    assert pages.num_rows == 0


def test_duplicates_are_no_rejects() -> None:
    check_rejects(10, Counter({"dedupe:exact": 9, "parse:no-text": 1}), max_ratio=0.1)


def test_too_many_rejects_are_told_by_reason_the_most_frequent_first() -> None:
    with pytest.raises(TooManyRejectsError, match=r"3 of 10 .* label:no-article 2, parse:no-text 1"):
        check_rejects(10, Counter({"parse:no-text": 1, "label:no-article": 2}), max_ratio=0.2)


def test_a_limit_of_nothing_is_no_limit() -> None:
    check_rejects(2, Counter({"parse:no-text": 2}), max_ratio=None)


def test_a_release_is_the_same_whatever_the_size_of_a_partition(pages: Path, tmp_path: Path) -> None:
    releases = []
    for n_bytes in (PARTITION_BYTES, 8_000):
        work, out = tmp_path / "work" / str(n_bytes), tmp_path / "out" / str(n_bytes)
        with Embedded(1, partition_bytes=n_bytes) as engine:
            build(Settings(), find_inputs([str(pages)], tmp_path), engine, work, out)
        releases.append({path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()})
    assert releases[0] == releases[1]
    assert len(shard_paths(work / "articles")) > 3, "the table should have had several partitions"
