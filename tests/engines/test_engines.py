"""One suite for every engine: the same tables, bytes and errors, whatever runs the steps."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest

from builder.engines import Engine
from builder.engines.embedded import Embedded
from builder.engines.on_ray import OnRay
from builder.engines.over_folders import OverFolders
from builder.errors import BuilderError, SchemaError
from builder.tables import read_manifest, read_table, shard_paths, write_table
from tests.engines import steps

POEM = "床前明月光疑是地上霜举头望明月低头思故乡"
ENGINES: dict[str, Callable[[Path], OverFolders]] = {
    "one process": lambda _: Embedded(1),
    "two processes": lambda _: Embedded(2),
    "many partitions": lambda _: Embedded(1, partition_bytes=200),
    "ray": OnRay,
    "ray, many partitions": lambda folder: OnRay(folder, partition_bytes=200),
}


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param.startswith("ray"):
        request.getfixturevalue("two_ray_nodes")
    with ENGINES[request.param](tmp_path) as made:
        yield made


@pytest.fixture
def words(tmp_path: Path) -> Path:
    rows = [{"id": i, "word": word} for i, word in enumerate(POEM)]
    shards = [pa.Table.from_pylist(rows[start : start + 6], schema=steps.WORDS) for start in range(0, len(rows), 6)]
    write_table(tmp_path / "words", shards, steps.WORDS)
    return tmp_path / "words"


@pytest.fixture
def partners(tmp_path: Path) -> Path:
    table = pa.Table.from_pylist([{"word": "月", "partner": "日"}, {"word": "头", "partner": "尾"}], steps.PARTNERS)
    write_table(tmp_path / "partners", [table], steps.PARTNERS)
    return tmp_path / "partners"


def content(table: Path) -> list[bytes]:
    return [path.read_bytes() for path in shard_paths(table)]


def test_map_gives_every_row_its_answer_in_order(engine: Engine, words: Path, tmp_path: Path) -> None:
    engine.map(steps.lengths, words, tmp_path / "lengths", steps.LENGTHS)
    table = read_table(tmp_path / "lengths")
    assert table["word"].to_pylist() == list(POEM)
    assert set(table["n"].to_pylist()) == {1}


def test_map_takes_an_answer_in_many_tables(engine: Engine, words: Path, tmp_path: Path) -> None:
    engine.map(steps.lengths_row_by_row, words, tmp_path / "lengths", steps.LENGTHS)
    assert read_table(tmp_path / "lengths")["word"].to_pylist() == list(POEM)


def test_exchange_sees_complete_keys_of_every_source(
    engine: Engine, words: Path, partners: Path, tmp_path: Path
) -> None:
    engine.exchange(["word"], steps.count_words, [words, partners], tmp_path / "counts", steps.COUNTS)
    rows = read_table(tmp_path / "counts").to_pylist()
    assert {row["word"]: row["n"] for row in rows} == Counter(POEM)
    assert {row["word"]: row["first_id"] for row in rows} == {word: POEM.index(word) for word in POEM}
    assert {row["word"]: row["partner"] for row in rows if row["partner"]} == {"月": "日", "头": "尾"}


def test_a_step_that_breaks_its_schema_is_named_with_the_column(engine: Engine, words: Path, tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match=r"(?s)table 'broken'.*word: missing, expected string"):
        engine.map(steps.forget_a_column, words, tmp_path / "broken", steps.WORDS)
    assert read_manifest(tmp_path / "broken") is None


def test_a_bug_in_a_step_stops_the_run_and_leaves_no_table(engine: Engine, words: Path, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        engine.map(steps.fail_on_seven, words, tmp_path / "lengths", steps.LENGTHS)
    assert read_manifest(tmp_path / "lengths") is None


def test_a_run_goes_on_with_the_shards_that_were_finished(engine: Engine, words: Path, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        engine.map(steps.fail_on_seven, words, tmp_path / "lengths", steps.LENGTHS)
    (partial,) = tmp_path.glob(".lengths.*.partial")
    finished = partial / "00000.parquet"
    before = finished.stat().st_mtime_ns
    with pytest.raises(ZeroDivisionError):
        engine.map(steps.fail_on_seven, words, tmp_path / "lengths", steps.LENGTHS)
    assert finished.stat().st_mtime_ns == before


@pytest.mark.parametrize("at", [10, -10])
def test_a_finished_shard_that_was_damaged_before_the_run_went_on_is_made_again(
    engine: Engine, words: Path, tmp_path: Path, at: int
) -> None:
    engine.map(steps.lengths, words, tmp_path / "whole", steps.LENGTHS)
    with pytest.raises(ZeroDivisionError):
        engine.map(steps.fail_on_seven, words, tmp_path / "lengths", steps.LENGTHS)
    (partial,) = tmp_path.glob(".lengths.*.partial")
    finished = partial / "00000.parquet"
    raw = bytearray(finished.read_bytes())
    raw[at] ^= 1
    finished.write_bytes(raw)
    with pytest.raises(ZeroDivisionError):
        engine.map(steps.fail_on_seven, words, tmp_path / "lengths", steps.LENGTHS)
    assert finished.read_bytes() == (tmp_path / "whole" / "00000.parquet").read_bytes()


@pytest.fixture
def one_shard(tmp_path: Path) -> Path:
    rows = [{"id": i, "word": word} for i, word in enumerate(POEM)]
    write_table(tmp_path / "one", [pa.Table.from_pylist(rows, schema=steps.WORDS)], steps.WORDS)
    return tmp_path / "one"


@pytest.mark.parametrize("engine", ["two processes", "ray"], indirect=True)
def test_rows_that_end_the_process_are_found_and_their_neighbours_go_on(
    engine: Engine, one_shard: Path, tmp_path: Path
) -> None:
    rows = read_table(engine.map(steps.end_on_moon, one_shard, tmp_path / "out", steps.LENGTHS)).to_pylist()
    assert [row["word"] for row in rows] == list(POEM)
    assert [row["word"] for row in rows if row["n"] == -1] == ["月", "月"]


@pytest.mark.parametrize("engine", ["two processes", "ray"], indirect=True)
def test_a_step_whose_workers_are_killed_each_time_stops_with_what_to_do(
    engine: Engine, one_shard: Path, tmp_path: Path
) -> None:
    with pytest.raises(BuilderError, match="Run the same command again"):
        engine.map(steps.be_killed, one_shard, tmp_path / "out", steps.LENGTHS)
    assert read_manifest(tmp_path / "out") is None


def test_a_worker_lost_among_many_costs_no_row(words: Path, tmp_path: Path) -> None:
    # The first call kills its worker, once: of the calls in hand and those that wait all are answered, in order.
    with Embedded(2) as engine:
        once = partial(steps.be_killed_once, mark=str(tmp_path / "killed"))
        rows = read_table(engine.map(once, words, tmp_path / "out", steps.LENGTHS)).to_pylist()
    assert (tmp_path / "killed").exists()
    assert [row["word"] for row in rows] == list(POEM)


def test_a_current_table_is_not_made_again(engine: Engine, words: Path, tmp_path: Path) -> None:
    target = tmp_path / "lengths"
    engine.map(steps.lengths, words, target, steps.LENGTHS)
    before = [path.stat().st_mtime_ns for path in shard_paths(target)]
    engine.map(steps.lengths, words, target, steps.LENGTHS)
    assert [path.stat().st_mtime_ns for path in shard_paths(target)] == before


def test_a_damaged_shard_is_noticed_and_made_again(engine: Engine, words: Path, tmp_path: Path) -> None:
    target = tmp_path / "lengths"
    engine.map(steps.lengths, words, target, steps.LENGTHS)
    before = content(target)
    damaged = shard_paths(target)[1]
    damaged.write_bytes(damaged.read_bytes()[:-20])
    engine.map(steps.lengths, words, target, steps.LENGTHS)
    assert content(target) == before


def test_another_source_makes_another_table(engine: Engine, words: Path, tmp_path: Path) -> None:
    target = tmp_path / "lengths"
    engine.map(steps.lengths, words, target, steps.LENGTHS)
    write_table(words, [pa.Table.from_pylist([{"id": 0, "word": "新"}], schema=steps.WORDS)], steps.WORDS)
    engine.map(steps.lengths, words, target, steps.LENGTHS)
    assert read_table(target)["word"].to_pylist() == ["新"]


@pytest.mark.usefixtures("two_ray_nodes")
def test_neither_processes_nor_machines_change_a_byte(words: Path, partners: Path, tmp_path: Path) -> None:
    engines = {
        "one": Embedded(1, partition_bytes=200),
        "two": Embedded(2, partition_bytes=200),
        "ray": OnRay(tmp_path, partition_bytes=200),
    }
    made = []
    for name, started in engines.items():
        with started as engine:
            folder = tmp_path / name
            engine.map(steps.lengths, words, folder / "lengths", steps.LENGTHS)
            engine.exchange(["word"], steps.count_words, [words, partners], folder / "counts", steps.COUNTS)
        made.append([content(folder / "lengths"), content(folder / "counts")])
    assert made[0] == made[1] == made[2]
    assert len(made[0][1]) > 1, "the exchange should have had several partitions"
