"""Texts of different splits that are nearly alike: what the bands miss is found, and put into one split."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.dedup import across, steps
from builder.dedup.across import Placed, find_apart, judge_across, kept_texts, sharing
from builder.dedup.keys import digests_of, keys_of
from builder.dedup.ragged import U64
from builder.dedup.settings import DedupSettings
from builder.engines.embedded import Embedded
from builder.pipeline import find_clusters
from builder.publish.configs import SPLITS
from builder.publish.splits import SplitSettings
from builder.schemas import CLUSTERS, KEPT_TEXTS, KEYS, PAGES, PINS
from builder.settings import Settings
from builder.tables import read_table, write_table
from tests.dedup.news import seeded, story
from tests.dedup.test_steps import page, pages

NO_PAIRS = np.zeros(0, np.uint64)


def versions(seed: int, n: int) -> list[str]:
    """Texts of which the lines are each half the same and half another: any two are related, and no copies."""
    shared, *others = (story(1_000 * seed + i).split("\n") for i in range(n + 1))
    return ["\n".join(a + b[:14] for a, b in zip(shared, other, strict=True)) for other in others]


def no_bands(_: U64) -> U64:
    """What `pair_texts` answers where chance is against every pair."""
    return NO_PAIRS


def placed(texts: list[str], splits: list[int]) -> Placed:
    array = pa.array(texts)
    keys = keys_of(array)
    return Placed(digests_of(array, keys), np.array(splits, np.uint8), keys)


def build(work: Path, texts: list[str], pins: dict[int, str], splits: SplitSettings = SplitSettings()) -> pa.Table:  # noqa: B008  it is frozen
    """CLUSTERS of texts, each on a page of its own and of another day, of which `pins` were published before."""
    days = [datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(len(texts))]
    rows = [page(f"{n:03}", text, published_at=day) for n, (text, day) in enumerate(zip(texts, days, strict=True))]
    write_table(work / "pages", [pages(rows)], PAGES)
    published = [
        {"page_id": f"{n:03}", "source": f"{n:03}.html", "cluster_id": f"{n:016x}", "split": split}
        for n, split in pins.items()
    ]
    with Embedded(1) as engine:
        table = pa.Table.from_pylist(published, schema=PINS)
        find_clusters(engine, work / "pages", table, work, Settings(splits=splits), None)
    return read_table(work / "clusters").sort_by("page_id")


@given(st.permutations(range(30)), st.integers(0, 3))
def test_what_is_found_does_not_depend_on_the_order_of_rows(order: list[int], seed: int) -> None:
    texts = [text for n in range(3) for text in versions(10 * seed + n, 10)]
    splits = seeded(seed).choices(range(len(SPLITS)), k=len(texts))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(across, "NEIGHBOURS", 2)  # so that it matters who is a neighbour
        left, right = sharing([placed(texts, splits)], len(texts))
        parts = [placed([texts[i] for i in part], [splits[i] for i in part]) for part in (order[:11], order[11:])]
        found = sharing(parts, len(texts))
    assert len(left) > 10
    assert [(order[a], order[b]) for a, b in zip(*found, strict=True)] == list(zip(left, right, strict=True))


def test_only_what_is_published_is_searched() -> None:
    keys = [{"page_id": name, "text_key": name * 16, "symbols": name.encode("utf-16-le")} for name in "abcd"]
    rows = [("a", "train", True), ("b", None, True), ("c", "test", False), ("d", "test", True)]
    clusters = [{"text_key": name * 16, "split": split, "kept": kept} for name, split, kept in rows]
    found = kept_texts(pa.Table.from_pylist(keys, schema=KEYS), pa.Table.from_pylist(clusters, schema=CLUSTERS))
    assert found.schema == KEPT_TEXTS
    assert [(row["text_key"][0], row["split"]) for row in found.to_pylist()] == [("a", "train"), ("d", "test")]
    assert found["symbols"][1].as_py() == b"d\0"


def test_nothing_published_leaks_nothing(tmp_path: Path) -> None:
    write_table(tmp_path / "kept", [KEPT_TEXTS.empty_table()], KEPT_TEXTS)
    assert find_apart(tmp_path / "kept", DedupSettings()) == set()


@pytest.mark.parametrize("seed", range(8))
def test_pairs_that_the_bands_miss_share_a_split_and_nothing_published_moves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    draw = seeded(seed)
    texts = [text for n in range(12) for text in versions(100 * seed + n, draw.randint(1, 4))]
    draw.shuffle(texts)
    # of texts published before, two that are alike may stand in different splits: an older program put them there
    pins = {n: draw.choice(SPLITS) for n in range(len(texts)) if draw.random() < 0.25} if seed in (1, 3, 5) else {}
    splits = SplitSettings(by="time" if seed >= 6 else "hash")  # by time the first day of the test is found anew
    monkeypatch.setattr(steps, "pair_texts", no_bands)
    with monkeypatch.context() as patch:
        patch.setattr(across, "find_apart", lambda *_: set())
        build(tmp_path / "blind", texts, pins, splits)
    apart = find_apart(tmp_path / "blind" / "kept_texts", DedupSettings())
    found = build(tmp_path / "seeing", texts, pins, splits).to_pylist()
    still = find_apart(tmp_path / "seeing" / "kept_texts", DedupSettings())

    known = {found[n]["text_key"] for n in pins}
    assert len(apart) > 1
    assert {pair for pair in apart if not known.issuperset(pair)}, "the corpus should hold pairs that can be mended"
    assert still <= {pair for pair in apart if known.issuperset(pair)}
    assert all((found[n]["split"], found[n]["kept"]) == (split, True) for n, split in pins.items())
    if not pins:
        assert not still
        assert len(found) == len(texts)
        # the same, by comparing every two
        left, right = np.triu_indices(len(texts), 1)
        split = np.array([row["split"] for row in found])
        other = split[left] != split[right]
        assert not judge_across(keys_of(pa.array(texts)), left[other], right[other], DedupSettings()).leak.any()


def test_a_text_that_meets_another_only_in_its_new_split_is_found_in_the_next_round(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "pair_texts", no_bands)
    rounds: list[set[tuple[str, str]]] = []

    def told(kept: Path, settings: DedupSettings) -> set[tuple[str, str]]:
        rounds.append(find_apart(kept, settings))
        return rounds[-1]

    monkeypatch.setattr(across, "find_apart", told)
    texts: list[str] = []
    for chain in range(12):  # each text shares two parts of three with the one before, and with the one after
        parts = [story(100 * chain + part, sentences=4) for part in range(9)]
        texts += ["\n".join(parts[i : i + 3]) for i in range(7)]
    build(tmp_path, texts, {})
    assert len(rounds) > 2
    assert rounds[-1] == set()
