"""Each trap is set in a good release, and `verify` must name it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from builder.dedup.search import find_duplicates
from builder.dedup.settings import DedupSettings
from builder.publish import shards
from builder.publish.features import CONFIGS, with_features
from builder.publish.verify import verify
from tests.dedup.news import story, weather
from tests.publish.conftest import Publish, article_row, make_rows

TRAIN = "train-00000-of-00004.parquet"


def faults_of(release: Path) -> str:
    return "\n".join(f"{fault.where}: {fault.what}" for fault in verify(release))


def rewrite(release: Path, name: str, change: Callable[[pa.Table], pa.Table], *, metadata: bool = True) -> None:
    """Change a file and state its new rows, sizes and hashes in the manifest, as a publisher in error would."""
    config = next(c for c in CONFIGS if c.name == name.partition("/")[0])
    table = change(pq.read_table(release / name))
    if metadata:
        table = table.replace_schema_metadata(with_features(config.schema).metadata)
    path = release / name
    pq.write_table(table, path)
    logical = shards.LogicalHash(config.schema)
    if table.schema.equals(config.schema):
        logical.update(table)
    stated = {
        "rows": table.num_rows,
        "n_bytes": path.stat().st_size,
        "value_bytes": logical.value_bytes,
        "sha256": shards.file_sha256(path),
        "logical_sha256": logical.hexdigest(),
    }
    edit_json(release / "manifest.json", lambda m: next(f for f in m["files"] if f["path"] == name).update(stated))


def edit_json(path: Path, change: Callable[[Any], object]) -> None:
    value = json.loads(path.read_text("utf-8"))
    change(value)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")


def edit_text(path: Path, old: str, new: str, count: int = -1) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), "utf-8")


def put(table: pa.Table, column: str, row: int, value: object) -> pa.Table:
    """The table with one value changed."""
    values = table[column].to_pylist()
    values[row] = value
    i = table.schema.get_field_index(column)
    return table.set_column(i, table.schema.field(i), pa.array(values, table.schema.field(i).type))


def test_a_good_release_has_no_fault(release: Path) -> None:
    assert verify(release) == []


CONTENT = {
    "a role outside its classes": ("blocks", lambda t: put(t, "role", 0, 12), "column 'role' holds 12"),
    "a role that is missing": ("sentences", lambda t: put(t, "role", 0, None), "column 'role' holds None"),
    "a role out of range inside a list": (
        "articles",
        lambda t: put(t, "paragraphs", 0, [{"role": -1, "start": 0, "end": 1}]),
        "column 'paragraphs.role' holds -1",
    ),
    "a label that is not the role's": (
        "blocks",
        lambda t: put(t, "label", 0, 0),
        "label is not the coarse class of its role",
    ),
    "a copy that points ahead": ("blocks", lambda t: put(t, "dup_of", 0, 5), "dup_of does not point to an earlier"),
    "a block of another page": (
        "blocks",
        lambda t: put(t, "page_id", 0, "0" * 16),
        "first block of an article is of another page",
    ),
    "a sentence moved by one": (
        "sentences",
        lambda t: put(t, "start", 0, 1),
        "sentence is not text[start:end] of its article",
    ),
    "a text rewritten": (
        "articles",
        lambda t: put(t, "text", 0, t["text"][0].as_py().replace("。", ".")),
        "text is not the one that text_sha256",
    ),
    "a length that is wrong": ("articles", lambda t: put(t, "n_chars", 0, 7), "n_chars is not the length of text"),
    "a count too few": (
        "articles",
        lambda t: put(t, "paragraph_articles", 0, [1]),
        "paragraph_articles is not a count a paragraph",
    ),
    "paragraphs that do not tile": (
        "articles",
        lambda t: put(t, "paragraphs", 0, [{"role": 4, "start": 0, "end": 1}]),
        "paragraphs are not the lines of text",
    ),
    "an id that stands twice": (
        "articles",
        lambda t: pa.concat_tables([t, t.slice(t.num_rows - 1)]),
        "article_id stands twice",
    ),
    "an article in another shard": (
        "articles",
        lambda t: put(t, "article_id", 0, "0" * 16),
        "article belongs to another shard",
    ),
    "rows in another order": (
        "articles",
        lambda t: t.take(list(reversed(range(t.num_rows)))),
        "rows are not sorted by article_id",
    ),
    "an article without its row": ("articles", lambda t: t.slice(1), "row of an article that is not in the same shard"),
    "a sentence lost": ("sentences", lambda t: t.slice(1), "rows of an article are not numbered from 0"),
    "a file without rows": ("sentences", lambda t: t.slice(0, 0), "holds no rows"),
    "a column too many": (
        "articles",
        lambda t: t.append_column("channel", pa.nulls(t.num_rows, pa.string())),
        "column 'channel' is not in the config's schema",
    ),
    "a column too few": ("articles", lambda t: t.drop_columns(["outlet"]), "column 'outlet' is missing"),
    "a column of another type": (
        "blocks",
        lambda t: t.set_column(1, "index", t["index"].cast(pa.int64())),
        "column 'index' is int64, not int32",
    ),
    "an article without its text": ("articles", lambda t: put(t, "text", 0, None), "column 'text' holds 1 nulls"),
    "a summary that is not the article's": (
        "summarization",
        lambda t: put(t, "summary", 0, "桥通了。"),
        "row is not what its article gives",
    ),
    "a measure that is not the summary's": (
        "summarization",
        lambda t: put(t, "density", 0, 9.0),
        "row is not what its article gives",
    ),
    "an origin that is not the article's": (
        "headline",
        lambda t: put(t, "url", 0, "https://elsewhere.example.cn/"),
        "row is not what its article gives",
    ),
    "a silence told as directives": (
        "articles",
        lambda t: put(t, "robots", 0, []),
        "robots is empty, where null says that a page states nothing",
    ),
    "a telephone in a description": (
        "articles",
        lambda t: put(t, "description", 0, "报料电话13812345678，新桥昨日通车。"),
        "personal data is left",
    ),
    "a headline without its row": ("headline", lambda t: t.slice(1), "article has no row"),
    "a channel of nowhere": (
        "classification",
        lambda t: put(t, "article_id", 0, "0" * 16),
        "row of an article that the config leaves out, or of another shard",
    ),
    "pairs in another order": (
        "headline",
        lambda t: t.take(list(reversed(range(t.num_rows)))),
        "rows are not sorted by article_id",
    ),
    "columns in another order": (
        "blocks",
        lambda t: t.select(list(reversed(t.column_names))),
        "columns in another order",
    ),
}


@pytest.mark.parametrize("trap", CONTENT)
def test_content_is_checked_although_the_hashes_agree(release: Path, trap: str) -> None:
    config, change, told = CONTENT[trap]
    rewrite(release, f"{config}/{TRAIN}", change)
    assert f"/{TRAIN}: {told}" in faults_of(release)


def test_a_dropped_page_without_reason_is_told(release: Path) -> None:
    rewrite(release, "dropped/dropped-00000-of-00001.parquet", lambda t: put(t, "reason", 0, None))
    assert "page was dropped without a reason" in faults_of(release)


def test_a_duplicate_whose_original_is_gone_is_told(release: Path) -> None:
    rewrite(release, "dropped/dropped-00000-of-00001.parquet", lambda t: put(t, "kept_id", 0, "f" * 16))
    assert "kept_id names no published article" in faults_of(release)


def test_blocks_of_a_page_that_gave_way_to_no_article_are_told(release: Path) -> None:
    rewrite(release, f"blocks/{TRAIN}", lambda t: put(t, "page_id", 1, "f" * 16))
    assert "blocks: block of a page that is neither its article's nor was joined to it" in faults_of(release)


def test_a_comparison_with_a_page_that_is_nowhere_is_told(release: Path) -> None:
    rewrite(release, "dropped/dropped-00000-of-00001.parquet", lambda t: put(t, "compared_with", 0, "f" * 16))
    assert "dropped: compared_with names neither a published article nor a copy" in faults_of(release)


@pytest.mark.parametrize("config", ["articles", "blocks"])
def test_personal_data_that_is_left_is_told(release: Path, config: str) -> None:
    rewrite(release, f"{config}/{TRAIN}", lambda t: put(t, "text", 0, "报料请拨手机：13800001234"))
    assert f"{config}/{TRAIN}: personal data is left" in faults_of(release)


def test_a_cluster_in_two_splits_is_told(release: Path) -> None:
    cluster = pq.read_table(release / "articles/test-00000-of-00001.parquet")["cluster_id"][0].as_py()
    rewrite(release, f"articles/{TRAIN}", lambda t: put(t, "cluster_id", 0, cluster))
    assert "cluster is in two splits" in faults_of(release)


def test_a_paragraph_that_stands_in_fewer_articles_than_stated_is_told(release: Path) -> None:
    article = pq.read_table(release / f"articles/{TRAIN}")["article_id"][0].as_py()
    rewrite(release, f"articles/{TRAIN}", lambda t: put(t, "paragraph_articles", 0, [1, 1, 5]))
    told = "paragraph_articles is not in how many articles a paragraph stands"
    assert f"articles: {told}: {article} (5, recounted 1)" in faults_of(release)


def test_a_near_duplicate_in_another_split_is_told(publish_rows: Publish) -> None:
    rows = make_rows()
    shared = {"paragraph_articles": [2, 1, 2]}  # the subhead is too short to count
    rows[1] |= {"split": "train", **shared}
    copy = article_row(1, cluster_id="c", split="test", page_id="c" * 16, article_id="c" * 16, **shared)
    copy["description"] = None
    spoiled = publish_rows([*rows, copy]).folder
    told = f"{rows[1]['article_id']} (train) and {copy['article_id']} (test) (Jaccard 1.00, containment 1.00)"
    assert faults_of(spoiled) == f"articles: near-duplicates in different splits: {told}"


def of_text(number: int, split: str, text: str, shared: str = "") -> dict[str, Any]:
    """An article of this text; the lines of `shared` stand in another one too."""
    spans: list[dict[str, Any]] = []
    for line in text.split("\n"):
        start = spans[-1]["end"] + 1 if spans else 0
        spans.append({"role": "body", "start": start, "end": start + len(line)})
    lines = text.split("\n")
    counts = {"paragraph_articles": [1 + (line in shared.split("\n")) for line in lines]}
    return article_row(number, split=split, text=text, lede=[], body=lines, paragraphs=spans, **counts)


def test_a_pair_in_two_splits_is_told_although_it_is_below_the_thresholds_of_a_cluster(publish_rows: Publish) -> None:
    shared, *others = (story(seed, sentences=12).split("\n") for seed in (1, 2, 3))
    texts = ["\n".join(a + b[:14] for a, b in zip(shared, other, strict=True)) for other in others]
    assert find_duplicates(pa.table({"id": ["a", "b"], "text": texts}), DedupSettings()).edges.num_rows == 0
    told = faults_of(publish_rows([of_text(1, "train", texts[0]), of_text(2, "test", texts[1])]).folder)
    assert "near-duplicates in different splits" in told
    apart = [of_text(1, "train", texts[0]), of_text(2, "test", story(4))]
    assert verify(publish_rows(apart).folder) == []


def test_a_brief_in_a_roundup_and_two_stories_of_one_template_are_no_leak(publish_rows: Publish) -> None:
    brief = story(1, sentences=4)
    roundup = "\n".join([story(2, sentences=8), brief, story(3, sentences=8)])
    rows = [
        of_text(1, "train", roundup, shared=brief),
        of_text(2, "test", brief, shared=brief),
        of_text(3, "train", weather(1)),
        of_text(4, "test", weather(2)),
    ]
    folder = publish_rows(rows).folder
    assert verify(folder) == []
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["measured"]["across_splits"] == {"near_duplicates": 0, "templates": 1, "briefs": 1}
    edit_json(folder / "manifest.json", lambda m: m["measured"]["across_splits"].update(briefs=0))
    assert "measured.across_splits.briefs is 0, counted from the Parquet files it is 1" in faults_of(folder)


def test_photo_pages_with_the_same_few_words_are_no_leak(publish_rows: Publish) -> None:
    def photo(number: int, split: str) -> dict[str, Any]:
        text = {
            "text": "见图",
            "lede": [],
            "body": ["见图"],
            "paragraph_articles": [1],
            "paragraphs": [{"role": "body", "start": 0, "end": 2}],
        }
        return article_row(number, split=split, **text)

    assert verify(publish_rows([photo(1, "train"), photo(2, "test")]).folder) == []


PAIR_TRAPS = {
    "a page that is nowhere": ("left_id", lambda _: "f" * 16, "pair of a page that is neither published nor a copy"),
    "a page of another split": (
        "right_id",
        lambda release: pq.read_table(release / "articles/test-00000-of-00001.parquet")["page_id"][0].as_py(),
        "pair of pages of another split",
    ),
    "a rule that nobody knows": ("rule", lambda _: "similar", "pair has no known rule"),
    "a text that is not the article's": (
        "left_text",
        lambda _: "另一篇",
        "text of a pair is not the one in `articles`",
    ),
    "a side without its text": ("right_text", lambda _: None, "column 'right_text' holds 1 nulls"),
}


@pytest.mark.parametrize("trap", PAIR_TRAPS)
def test_a_pair_in_error_is_told(release: Path, trap: str) -> None:
    column, value, told = PAIR_TRAPS[trap]
    name = "near_dup_pairs/train-00000-of-00001.parquet"
    rewrite(release, name, lambda t: put(t, column, 0, value(release)))
    assert f"{name}: {told}" in faults_of(release)


def test_an_article_in_two_splits_is_told(release: Path) -> None:
    row = pq.read_table(release / "articles/test-00000-of-00001.parquet").slice(0, 1)
    rewrite(release, f"articles/{TRAIN}", lambda t: pa.concat_tables([t, row]).sort_by("article_id"))
    assert "article_id stands twice" in faults_of(release)


def test_a_shard_without_class_names_is_told(release: Path) -> None:
    rewrite(release, f"blocks/{TRAIN}", lambda t: t.replace_schema_metadata(None), metadata=False)
    assert f"blocks/{TRAIN}: its `huggingface` metadata is not that of the config" in faults_of(release)


def test_classes_in_another_order_in_a_shard_are_told(release: Path) -> None:
    def swapped(table: pa.Table) -> pa.Table:
        text = table.schema.metadata[b"huggingface"].replace(b'"title", "subtitle"', b'"subtitle", "title"')
        return table.replace_schema_metadata({b"huggingface": text})

    rewrite(release, f"blocks/{TRAIN}", swapped, metadata=False)
    assert f"blocks/{TRAIN}: its `huggingface` metadata is not that of the config" in faults_of(release)


def test_classes_in_another_order_in_the_card_are_told(release: Path) -> None:
    swapped = "'0': lede\n          '1': title\n"
    edit_text(release / "README.md", "'0': title\n          '1': lede\n", swapped)
    assert "config 'blocks': column 'label' is not as in the files" in faults_of(release)


def test_a_column_that_only_the_card_has_is_told(release: Path) -> None:
    edit_text(release / "README.md", "  - name: title\n", "  - name: channel\n    dtype: string\n  - name: title\n", 1)
    assert "config 'articles': column 'channel' is in no file" in faults_of(release)


def test_a_config_that_the_card_lost_is_told(release: Path) -> None:
    edit_text(release / "README.md", "- config_name: blocks\n", "- config_name: lines\n")
    assert "config 'blocks' is not in the card" in faults_of(release)


def test_a_card_without_default_config_is_told(release: Path) -> None:
    edit_text(release / "README.md", "  default: true\n", "")
    assert "the default config should be 'articles' alone, the card has none" in faults_of(release)


def test_a_count_that_is_wrong_in_the_card_is_told(release: Path) -> None:
    edit_text(release / "README.md", "num_examples: 24\n", "num_examples: 25\n", 1)
    assert "config 'articles': the card counts {'train': 25, 'validation': 3, 'test': 3}" in faults_of(release)


def test_a_size_that_is_wrong_in_the_card_is_told(release: Path) -> None:
    edit_text(release / "README.md", "  download_size: ", "  download_size: 1", 1)
    assert "says '  download_size: 1" in faults_of(release)


def test_a_number_in_the_text_of_the_card_is_told_with_its_line(release: Path) -> None:
    edit_text(release / "README.md", "| 句子 | 210 |", "| 句子 | 211 |")
    assert "says '| 句子 | 211 |'; the release gives '| 句子 | 210 |'" in faults_of(release)


def test_a_card_without_yaml_is_told(release: Path) -> None:
    edit_text(release / "README.md", "---\nlicense", "license", 1)
    assert "README.md: does not begin with a YAML block" in faults_of(release)


def test_a_line_added_at_the_end_of_the_card_is_told(release: Path) -> None:
    text = (release / "README.md").read_text("utf-8")
    (release / "README.md").write_text(text + "又一行\n", "utf-8")
    assert "lines, the release gives" in faults_of(release)


def test_a_number_that_is_wrong_in_the_statistics_is_told(release: Path) -> None:
    edit_json(release / "stats.json", lambda s: s["pages"].update(dropped=2))
    assert "stats.json: pages.dropped is 2, counted from the Parquet files it is 3" in faults_of(release)


def test_pages_that_got_lost_are_told(release: Path) -> None:
    edit_json(release / "manifest.json", lambda m: m["counts"].update(pages=34))
    assert "34 pages went in; 30 published and 3 dropped are 33" in faults_of(release)


def test_a_file_that_was_altered_is_told(release: Path) -> None:
    path = release / f"articles/{TRAIN}"
    raw = path.read_bytes()
    path.write_bytes(raw.replace(b"parquet-cpp", b"parquet-cxx"))  # a comment in the footer: it still reads the same
    assert f"articles/{TRAIN}: its bytes are not those that were published" in faults_of(release)


def test_a_file_that_was_cut_off_is_told(release: Path) -> None:
    path = release / f"articles/{TRAIN}"
    raw = path.read_bytes()
    path.write_bytes(raw[: len(raw) // 2])
    told = faults_of(release)
    assert f"articles/{TRAIN}: is not a whole Parquet file" in told
    assert f"articles/{TRAIN}: has {len(raw) // 2} bytes, the manifest says {len(raw)}" in told


def test_a_file_that_is_missing_is_told(release: Path) -> None:
    (release / f"blocks/{TRAIN}").unlink()
    assert f"blocks/{TRAIN}: is in the manifest and not in the folder" in faults_of(release)


def test_a_file_too_many_is_told(release: Path) -> None:
    shutil.copy(release / f"articles/{TRAIN}", release / "articles/train-00009-of-00010.parquet")
    (release / "notes.txt").write_text("记一笔", "utf-8")
    told = faults_of(release)
    assert "articles/train-00009-of-00010.parquet: is not in the manifest" in told
    assert "notes.txt: is not in the manifest" in told


@pytest.mark.parametrize("name", ["manifest.json", "stats.json"])
def test_a_document_that_is_missing_ends_the_check_with_a_word(release: Path, name: str) -> None:
    (release / name).unlink()
    assert f"{name}: cannot be read" in faults_of(release)


def test_rows_replaced_without_the_manifest_are_told_by_the_logical_hash(release: Path) -> None:
    path = release / f"articles/{TRAIN}"
    table = put(pq.read_table(path), "outlet", 0, "假报")
    pq.write_table(table, path)
    assert f"articles/{TRAIN}: its rows are not those that were published" in faults_of(release)


def test_rows_that_the_manifest_miscounts_are_told(release: Path) -> None:
    edit_json(release / "manifest.json", lambda m: m["files"][0].update(rows=99, value_bytes=1))
    told = faults_of(release)
    assert "rows, the manifest says 99" in told
    assert "bytes, the manifest says 1" in told


@pytest.mark.parametrize("name", ["train-a-of-b.parquet", "train-00000-of-00000.parquet", "Dev-00000-of-00001.parquet"])
def test_a_shard_with_a_wrong_name_is_told(release: Path, name: str) -> None:
    shutil.copy(release / f"articles/{TRAIN}", release / "articles" / name)
    assert f"articles/{name}: is not named SPLIT-00000-of-0000N.parquet" in faults_of(release)


def test_a_manifest_without_its_files_is_told(release: Path) -> None:
    edit_json(release / "manifest.json", lambda m: m.pop("files"))
    assert faults_of(release) == "manifest.json: lacks files; without it nothing else can be checked"


def test_a_yaml_block_of_another_shape_is_told(release: Path) -> None:
    text = (release / "README.md").read_text("utf-8").partition("\n---\n")[2]
    (release / "README.md").write_text(f"---\nconfigs: articles\ndataset_info: [1]\n---\n{text}", "utf-8")
    assert "README.md: names no configs" in faults_of(release)


def test_hidden_files_that_tools_leave_are_no_fault(release: Path) -> None:
    (release / ".cache").mkdir()
    (release / ".cache/CACHEDIR.TAG").write_text("", "utf-8")
    assert verify(release) == []
