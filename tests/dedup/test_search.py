import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.dedup.keep import KeepSettings
from builder.dedup.search import dedupe_file, find_duplicates
from builder.dedup.settings import DedupSettings
from builder.errors import BuilderError
from builder.publish.splits import SplitSettings, split_of
from tests.dedup.news import republished, seeded, story, weather

SETTINGS = DedupSettings()


def table(texts: list[str | None] | dict[Any, str | None]) -> pa.Table:
    named = texts if isinstance(texts, dict) else dict(enumerate(texts))
    return pa.table({"id": list(named), "text": pa.array(named.values(), pa.string())})


def partition(found: pa.Table) -> set[frozenset[Any]]:
    clusters: dict[str, set[Any]] = {}
    for row in found.to_pylist():
        clusters.setdefault(row["cluster_id"], set()).add(row["id"])
    return set(map(frozenset, clusters.values()))


def together(*texts: str | None) -> bool:
    return len(partition(find_duplicates(table(list(texts)), SETTINGS).clusters)) == 1


A, B = story(1), story(2)


@pytest.mark.parametrize(
    "copy",
    [
        A.replace("\n", "\n\n　　"),
        republished(A, 5),
        "\n".join(A.split("\n")[:2] + A.split("\n")[3:]),
        A[: len(A) // 2] + "……",
        A + "\n" + A,
        A.replace("，", "、").replace("方便", "便利"),
        republished(A[: len(A) * 2 // 3], 6),
        "\n".join(reversed(A.split("\n"))),
    ],
    ids=["spaces", "republished", "paragraph-less", "cut", "doubled", "reworded", "cut-and-republished", "reordered"],
)
def test_copies_of_a_story_join_it(copy: str) -> None:
    assert together(A, copy)


def test_a_copy_in_traditional_script_joins_it() -> None:
    assert together("云溪县图书馆后天开放，" * 3 + A, "雲溪縣圖書館後天開放，" * 3 + A)


def test_two_stories_stay_two() -> None:
    assert not together(A, B)


def test_a_story_with_one_number_brought_up_to_date_is_an_update() -> None:
    old = A + "目前已有1200户居民迁入。" + B[:40]
    found = find_duplicates(table([old, old.replace("1200", "1350")]), SETTINGS)
    assert len(partition(found.clusters)) == 1
    assert found.edges["rule"].to_pylist() == ["update"]
    assert found.edges["facts_changed"].to_pylist() == [1]


def test_forecasts_of_two_days_are_two_stories_of_one_template() -> None:
    found = find_duplicates(table([weather(1), weather(2), A]), SETTINGS)
    assert len(partition(found.clusters)) == 3
    assert found.clusters["kept"].to_pylist() == [True, True, True]
    first, second, other = found.clusters["template_id"].to_pylist()
    assert first == second is not None
    assert other is None
    assert found.edges["rule"].to_pylist() == ["template"]


@pytest.mark.parametrize(
    ("template", "one", "other"),
    [
        ("第{}次会议今天闭幕。", "三", "四"),
        ("第{}次会议今天闭幕。", "二十三", "二十五"),
        ("协会{}次会议今天闭幕。", "四届二", "三届四"),
    ],
)
def test_two_meetings_that_differ_by_their_number_are_two_stories(template: str, one: str, other: str) -> None:
    text = A + "临江市园艺协会" + template + B
    assert not together(text.format(one), text.format(other))


def test_numbers_written_in_another_way_change_nothing() -> None:
    text = A + "目前已有{}户居民迁入，新栽树木{}棵，扩建道路{}条，改造房屋{}间。" + B[:60]
    found = find_duplicates(
        table([text.format(12, 340, 23, 7), text.format("十二", "三百四十", "二十三", "七")]), SETTINGS
    )
    assert found.edges["rule"].to_pylist() == ["near"]


def test_numbers_that_end_a_text_are_compared() -> None:
    text = A + "因病于{}年{}月{}日逝世，享年{}岁。"
    assert not together(text.format(2023, 11, 3, 72), text.format(2015, 8, 27, 85))


def test_a_number_is_compared_as_a_whole() -> None:
    text = A + "目前已有{}0户居民迁入。" + B[:40]
    found = find_duplicates(table([text.format(12), text.format(2)]), SETTINGS)
    assert found.edges["facts_changed"].to_pylist() == [1]


def test_two_stories_that_differ_in_a_title_are_two() -> None:
    text = A[:120] + "《{}》一书日前由临江出版社出版发行。" + A[120:200]
    assert not together(text.format("山塘的灯"), text.format("春天的渡口"))
    assert together(text.format("山塘的灯"), text.format("山塘的燈"))
    assert together(text.format("山塘的灯"), text.replace("《", "").replace("》", "").format("山塘的灯"))


def test_other_names_make_another_story_and_other_words_do_not() -> None:
    text = "\n".join(f"{line}{{0}}在现场{{1}}，市民可以前往参观。" for line in A.split("\n"))
    assert together(text.format("县长王伟强", "表示"), text.format("县长王伟强", "指出"))
    found = find_duplicates(table([text.format("县长王伟强", "表示"), text.format("县长赵丽芳", "表示")]), SETTINGS)
    assert found.edges["rule"].to_pylist() == ["template"]
    assert found.edges["names_substituted"].to_pylist()[0] >= 4


def test_the_name_of_another_reporter_does_not_make_another_story() -> None:
    text = "云溪讯 记者{} 通讯员{}报道 " + A[:90]
    assert together(text.format("王伟", "陈静芳"), text.format("赵丽芳", "孙强"))


def test_another_name_between_the_same_words_makes_another_story() -> None:
    text = "\n".join(f"县里今天为{{0}}举行欢迎仪式，{line[:24]}{{0}}参观了新落成的展馆。" for line in A.split("\n"))
    assert not together(text.format("清河茶园合唱团"), text.format("东岭渔港舞狮队"))


def test_a_brief_is_no_copy_of_a_roundup_that_holds_it() -> None:
    assert not together(A, "\n".join(story(seed) for seed in range(2, 8)) + "\n" + A)


def test_a_chain_of_copies_is_one_cluster() -> None:
    parts = A.split("\n")
    assert together(*("\n".join(parts[i:]) for i in range(4)))


def test_two_hundred_copies_and_a_template_of_two_hundred() -> None:
    texts = [republished(A, seed) for seed in range(200)] + [weather(d) for d in range(200)]
    found = partition(find_duplicates(table(texts), SETTINGS).clusters)
    assert frozenset(range(200)) in found
    assert len(found) == 201


@pytest.mark.parametrize("text", ["", "。", "京", "😀", "见图", "a", "😀" * 1000, "aaaa" * 500, "1" * 900, A])
def test_an_exact_copy_always_joins(text: str) -> None:
    assert together(text, text)


@pytest.mark.parametrize("other", ["", "。", "京", "😀", "见图", "aaaa" * 500, "1" * 900, "京" * 100_000, None])
def test_odd_texts_join_no_story(other: str | None) -> None:
    assert not together(A, other)


def test_nulls_are_copies_of_nothing() -> None:
    assert len(partition(find_duplicates(table([None, None, ""]), SETTINGS).clusters)) == 3


def test_a_text_of_ten_megabytes_is_found_by_its_copy() -> None:
    long = "\n".join(story(seed) for seed in range(4)) * 2500
    assert len(long.encode()) > 10_000_000
    found = find_duplicates(table([long, story(9), long + "完", long]), SETTINGS)
    assert partition(found.clusters) == {frozenset([0, 2, 3]), frozenset([1])}


def test_an_empty_table_is_refused_and_one_row_is_a_cluster() -> None:
    with pytest.raises(BuilderError, match="nothing to search"):
        find_duplicates(table([]), SETTINGS)
    assert find_duplicates(table([A]), SETTINGS).clusters["kept"].to_pylist() == [True]


@pytest.mark.parametrize("ids", [[3, 1, 2], ["c", "a", "b"], [b"c", b"a", b"b"], [0.5, 0.1, 0.2]])
def test_ids_of_any_type_come_back_as_they_are(ids: list[Any]) -> None:
    rows = pa.table({"id": ids, "text": [A, A, B]})
    clusters = find_duplicates(rows, SETTINGS).clusters
    assert clusters["id"].to_pylist() == ids
    assert clusters["kept_id"].to_pylist() == [ids[1], ids[1], ids[2]]


def corpus(seed: int) -> list[str]:
    r = seeded(seed)
    texts = [story(n, r.randint(2, 12)) for n in range(12)]
    texts += [republished(r.choice(texts), n) for n in range(10)] + [r.choice(texts) for _ in range(4)]
    texts += [r.choice(texts)[: r.randint(1, 200)] for _ in range(6)] + [weather(d) for d in range(4)]
    return [*texts, "", "😀", "京", "见图"]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(seed: int, shuffler: random.Random) -> None:
    rows = table(corpus(seed))
    order = list(range(rows.num_rows))
    shuffler.shuffle(order)
    ordered, shuffled = (find_duplicates(t, SETTINGS) for t in (rows, rows.take(pa.array(order))))
    assert ordered.clusters.equals(shuffled.clusters.sort_by("id"))
    assert ordered.edges.equals(shuffled.edges)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000))
def test_what_is_kept_has_no_duplicates(seed: int) -> None:
    rows = table(corpus(seed))
    kept = rows.filter(find_duplicates(rows, SETTINGS).clusters["kept"])
    again = find_duplicates(kept, SETTINGS).clusters
    assert pc.sum(again["kept"]).as_py() >= kept.num_rows - 1  # a chain may lose its middle, and its ends then meet


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000))
def test_no_pair_of_near_duplicates_straddles_two_splits(seed: int) -> None:
    found = find_duplicates(table(corpus(seed)), SETTINGS)
    split = {row["id"]: split_of(row["cluster_id"], SplitSettings()) for row in found.clusters.to_pylist()}
    joining = found.edges.filter(pc.not_equal(found.edges["rule"], "template")).to_pylist()
    assert all(split[edge["left"]] == split[edge["right"]] for edge in joining)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000))
def test_edges_join_exactly_the_clusters(seed: int) -> None:
    found = find_duplicates(table(corpus(seed)), SETTINGS)
    root = {row["id"]: row["id"] for row in found.clusters.to_pylist()}

    def find(i: int) -> int:
        while root[i] != i:
            i = root[i]
        return i

    for edge in found.edges.to_pylist():
        if edge["rule"] != "template":
            root[find(edge["left"])] = find(edge["right"])
    joined: dict[int, set[int]] = {}
    for i in root:
        joined.setdefault(find(i), set()).add(i)
    assert set(map(frozenset, joined.values())) == partition(found.clusters)


def kept(rows: pa.Table, keep: KeepSettings) -> Any:
    found = find_duplicates(rows, DedupSettings(keep=keep), published="date", outlet="outlet").clusters
    return found["kept_id"].to_pylist()[0]


def test_which_copy_is_kept_is_a_setting() -> None:
    rows = pa.table(
        {
            "id": ["a", "b", "c", "d"],
            "text": [A, republished(A, 1), A, A],
            "date": ["2024-05-03", "2024-05-02", "2024-05-01", None],
            "outlet": ["云溪网", "临江日报", "清河号", None],
        }
    )
    assert kept(rows, KeepSettings()) == "c"  # the earliest
    assert kept(rows, KeepSettings(rules=("fullest",))) == "b"
    assert kept(rows, KeepSettings(rules=())) == "a"  # the smallest id
    assert kept(rows, KeepSettings(outlets=("新华社", "临江日报"))) == "b"


def test_a_file_is_searched_and_clusters_and_edges_are_written(tmp_path: Path) -> None:
    rows = pa.table({"url": ["u1", "u2", "u3"], "content": pa.array([A, republished(A, 1), B]).dictionary_encode()})
    pq.write_table(rows, tmp_path / "docs.parquet")
    dedupe_file(tmp_path / "docs.parquet", tmp_path / "out.parquet", SETTINGS, id="url", text="content")
    clusters = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert [row["kept_id"] for row in clusters] == ["u2", "u2", "u3"]
    assert [row["rule"] for row in clusters] == ["near", None, None]
    edges = pq.read_table(tmp_path / "out.edges.parquet").to_pylist()
    assert {edges[0]["left"], edges[0]["right"]} == {"u1", "u2"}
    assert edges[0]["containment"] == 1


def test_an_absent_column_is_named_with_those_there_are(tmp_path: Path) -> None:
    pq.write_table(table([A]), tmp_path / "docs.parquet")
    with pytest.raises(BuilderError, match="no column 'body'; it has: id, text"):
        dedupe_file(tmp_path / "docs.parquet", tmp_path / "out.parquet", SETTINGS, text="body")


def dedupe(folder: Path, rows: pa.Table, *, against: str | None = None, index_out: str | None = None) -> pa.Table:
    pq.write_table(rows, folder / "docs.parquet")
    return dedupe_file(
        folder / "docs.parquet",
        folder / "out.parquet",
        SETTINGS,
        against=against and folder / against,
        index_out=index_out and folder / index_out,
    ).clusters


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000), st.floats(0.1, 0.9))
def test_texts_added_to_an_index_fall_into_the_clusters_of_one_search(
    tmp_path_factory: pytest.TempPathFactory, seed: int, share: float
) -> None:
    folder = tmp_path_factory.mktemp("index")
    rows = table(corpus(seed)).take(pa.array(seeded(seed).sample(range(40), 40)))
    cut = round(share * rows.num_rows)
    before = dedupe(folder, rows.slice(0, cut), index_out="index")
    after = dedupe(folder, rows.slice(cut), against="index", index_out="index")
    assert after["id"].to_pylist() == rows["id"].to_pylist()[cut:]

    known = pa.ipc.open_file(folder / "index").read_all()
    whole = pa.table({"id": known["id"], "cluster_id": known["cluster"]})
    assert partition(whole) == partition(find_duplicates(rows, SETTINGS).clusters)
    # what was published stays: its cluster keeps its name unless two clusters turn out to be one
    names = {f"{name:016x}" for name in known["cluster"].to_pylist()}
    assert len(set(before["cluster_id"].to_pylist()) - names) == len(partition(before)) - len(
        set(known["cluster"].to_pylist()[:cut])
    )


def test_what_was_kept_before_stays_kept(tmp_path: Path) -> None:
    dedupe(tmp_path, table({"m": A, "n": B}), index_out="index")
    added = dedupe(tmp_path, table({"a": republished(A, 1), "b": story(9)}), against="index")
    assert added["kept"].to_pylist() == [False, True]
    assert added["kept_id"].to_pylist() == ["m", "b"]


def test_an_index_of_other_settings_or_ids_is_refused(tmp_path: Path) -> None:
    dedupe(tmp_path, table([A]), index_out="index")
    pq.write_table(table([B]), tmp_path / "docs.parquet")
    other = DedupSettings(min_jaccard=0.9)
    with pytest.raises(BuilderError, match="made by other settings"):
        dedupe_file(tmp_path / "docs.parquet", tmp_path / "out.parquet", other, against=tmp_path / "index")
    with pytest.raises(BuilderError, match="cannot be told apart"):
        dedupe(tmp_path, table({"a": B}), against="index")
    with pytest.raises(BuilderError, match="is no index"):
        dedupe(tmp_path, table([B]), against="docs.parquet")
