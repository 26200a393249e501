from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from builder import schemas
from builder.dedup import audit, groups, steps
from builder.dedup.pins import attach_pins
from builder.dedup.search import find_duplicates
from builder.dedup.settings import DedupSettings
from builder.engines.embedded import Embedded
from builder.publish.splits import SplitSettings
from builder.schemas import PAGES
from builder.tables import read_table, write_table
from tests.dedup.news import republished, story, weather

SETTINGS = DedupSettings()


def pages(rows: Iterable[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist([{name: row.get(name) for name in PAGES.names} for row in rows], schema=PAGES)


def page(name: str, text: str | None, **columns: Any) -> dict[str, Any]:
    reject = None if text is not None else "parse:no-text"
    return {"page_id": name, "source": f"{name}.html", "text": text, "title": "题", "reject": reject, **columns}


def clusters(work: Path, tables: list[pa.Table], partition_bytes: int = 64 << 20) -> pa.Table:
    write_table(work / "pages", tables, PAGES)
    with Embedded(1, partition_bytes=partition_bytes) as engine:
        engine.map(steps.signatures, work / "pages", work / "keys", schemas.KEYS)
        engine.map(steps.make_bands, work / "keys", work / "bands", schemas.BANDS)
        engine.exchange(["band"], steps.pair_bands, [work / "bands"], work / "pairs", schemas.PAIRS)
        engine.exchange(
            ["text_key"], steps.attach_text, [work / "pairs", work / "keys"], work / "halves", schemas.HALVES
        )
        verify = partial(steps.verify_pairs, settings=SETTINGS)
        engine.exchange(["text_key"], verify, [work / "halves", work / "keys"], work / "edges", schemas.EDGES)
        write_table(work / "components", [steps.components(read_table(work / "edges"))], schemas.COMPONENTS)
        named = [work / "keys", work / "components"]
        engine.exchange(["text_key"], steps.name_components, named, work / "named", schemas.NAMED)
        write_table(work / "pins", [schemas.PINS.empty_table()], schemas.PINS)
        write_table(work / "taken", [schemas.TAKEN.empty_table()], schemas.TAKEN)
        engine.exchange(["page_id"], attach_pins, [work / "named", work / "pins"], work / "pinned", schemas.PINNED)
        place = partial(groups.place, splits=SplitSettings())
        engine.exchange(["group_id"], place, [work / "pinned"], work / "placed", schemas.PLACED)
        keep = partial(steps.keep_one, settings=SETTINGS.keep)
        engine.map(audit.name_left, work / "edges", work / "lefts", schemas.LEFTS)
        placed = [work / "lefts", work / "components"]
        engine.exchange(["text_key"], audit.place_edges, placed, work / "joints", schemas.JOINTS)
        of_component = [work / "placed", work / "joints", work / "taken"]
        engine.exchange(["component_id"], keep, of_component, work / "clusters", schemas.CLUSTERS)
    return read_table(work / "clusters").sort_by([("page_id", "ascending"), ("source", "ascending")])


@pytest.mark.parametrize("partition_bytes", [64 << 20, 4096])
def test_the_steps_give_the_clusters_of_the_search(tmp_path: Path, partition_bytes: int) -> None:
    texts = [story(n) for n in range(20)]
    texts += [republished(texts[n], n) for n in range(12)] + [texts[0], texts[3]] + [weather(n) for n in range(5)]
    rows = [page(f"{n:03}", text) for n, text in enumerate(texts)]
    found = clusters(tmp_path, [pages(rows[:17]), pages([]), pages(rows[17:])], partition_bytes)
    ids = [row["page_id"] for row in rows]
    expected = find_duplicates(pa.table({"id": ids, "text": texts}), SETTINGS).clusters
    names = ["cluster_id", "cluster_size", "kept", "kept_id", "rule", "template_id"]
    assert found.select(names).to_pylist() == expected.select(names).to_pylist()


def test_a_page_read_twice_is_kept_once_and_rejects_take_no_part(tmp_path: Path) -> None:
    twice = [page("a", story(1)), {**page("a", story(1)), "source": "z.html"}, page("b", None)]
    found = clusters(tmp_path, [pages(twice)])
    assert found["source"].to_pylist() == ["a.html", "z.html"]
    assert found["kept"].to_pylist() == [True, False]


def test_no_pages_make_no_clusters(tmp_path: Path) -> None:
    assert clusters(tmp_path, [pages([])]).num_rows == 0


def test_short_texts_are_told_apart_by_title_and_captions() -> None:
    rows = [
        page("a", "见图", title="春到云溪", captions=["桃花开了"]),
        page("b", "见图", title="龙舟竞渡", captions=["鼓声阵阵"]),
        page("c", "见图。", title="春到云溪", captions=["桃花开了"]),
    ]
    a, b, c = steps.signatures(pages(rows))["text_key"].to_pylist()
    assert a == c != b


def test_a_near_duplicate_tells_how_close_it_is_to_what_was_kept(tmp_path: Path) -> None:
    rows = [page("a", story(1)), page("b", republished(story(1), 1)), page("c", story(1)), page("d", story(2))]
    a, b, c, d = clusters(tmp_path, [pages(rows)]).to_pylist()
    assert (a["rule"], b["rule"], c["rule"]) == ("near", None, "near")
    assert b["edge"] is d["edge"] is None
    assert a["edge"] == c["edge"]
    assert (a["edge"]["page_id"], a["edge"]["rule"], a["edge"]["containment"]) == ("b", "near", 1.0)


def test_a_page_that_was_not_compared_with_what_was_kept_tells_its_closest_edge() -> None:
    named = pa.Table.from_pylist(
        [{"page_id": page_id, "text_key": page_id.upper()} for page_id in "abcd"], schema=schemas.NAMED
    )
    measured = {"component_id": "A", "rule": "near", "jaccard": 0.5}
    joints = pa.Table.from_pylist(
        [
            {"text_key": "A", "other_key": "B", "containment": 0.75, **measured},
            {"text_key": "B", "other_key": "D", "containment": 0.875, **measured},
            {"text_key": "C", "other_key": "D", "containment": 0.75, **measured},
        ],
        schema=schemas.JOINTS,
    )
    found = audit.decisive_edges(named, joints, np.zeros(4, np.int64), np.arange(4))
    assert [edge and edge["page_id"] for edge in found.to_pylist()] == [None, "a", "d", "b"]
    assert found[2].as_py()["containment"] == 0.75
