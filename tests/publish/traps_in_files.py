"""Traps in the files of a release, its documents and its card."""

import os
import shutil
from pathlib import Path

import pyarrow.parquet as pq

from builder.publish.features import CONFIGS
from builder.tables import file_sha256
from tests.publish.mutations import (
    ARTICLES,
    BLOCKS,
    TRAIN,
    Mutation,
    edit_json,
    in_card,
    in_manifest,
    of_file,
    put,
    replace_text,
)


def replace_bytes_with_the_same_mtime(release: Path) -> None:
    path = release / ARTICLES
    before = path.stat()
    # A comment in the footer: size and rows stay the same.
    path.write_bytes(path.read_bytes().replace(b"parquet-cpp", b"parquet-cxx"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def cut_off(release: Path) -> None:
    raw = (release / ARTICLES).read_bytes()
    (release / ARTICLES).write_bytes(raw[: len(raw) // 2])


def replace_rows(release: Path) -> None:
    pq.write_table(put(pq.read_table(release / ARTICLES), "outlet", 0, "假报"), release / ARTICLES)
    stated = {"n_bytes": (release / ARTICLES).stat().st_size, "sha256": file_sha256(release / ARTICLES)}
    edit_json(release / "manifest.json", lambda manifest: of_file(manifest, ARTICLES).update(stated))


def list_a_file_of_no_config(release: Path) -> None:
    (release / "extra").mkdir()
    shutil.copy(release / ARTICLES, release / "extra" / TRAIN)
    edit_json(
        release / "manifest.json",
        lambda m: m["files"].append(of_file(m, ARTICLES) | {"path": f"extra/{TRAIN}", "config": "extra"}),
    )


def without_rows(release: Path) -> None:
    """All Parquet files, and the folders that they were in, taken away and unlisted."""
    for config in CONFIGS:
        shutil.rmtree(release / config.name)
    edit_json(release / "manifest.json", lambda m: m.update(files=[], empty_splits=["train", "validation", "test"]))


def copy_shard(release: Path, name: str) -> None:
    shutil.copy(release / ARTICLES, release / "articles" / name)


IN_FILES: tuple[Mutation, ...] = (
    # Files
    Mutation(
        "a file replaced with the same size and mtime, so that caches stay stale",
        "bytes of articles changed",
        replace_bytes_with_the_same_mtime,
        ARTICLES,
        "its bytes are not those that were published",
    ),
    Mutation("a file cut off", "second half of articles removed", cut_off, ARTICLES, "is not a whole Parquet file"),
    Mutation(
        "rows replaced, file hash and size stated anew",
        "articles.outlet of a row = '假报'",
        replace_rows,
        ARTICLES,
        "its rows are not those that were published (logical hash differs",
    ),
    Mutation(
        "a file lost",
        "blocks removed",
        lambda release: (release / BLOCKS).unlink(),
        BLOCKS,
        "is in the manifest and not in the folder",
    ),
    Mutation(
        "a stray file that a loader takes for data",
        "copied to articles/train-00009-of-00010.parquet",
        lambda release: copy_shard(release, "train-00009-of-00010.parquet"),
        "articles/train-00009-of-00010.parquet",
        "is not in the manifest; a loader may take it for data",
    ),
    Mutation(
        "a stray file",
        "notes.txt written",
        lambda release: (release / "notes.txt").write_text("记一笔", "utf-8"),
        "notes.txt",
        "is not in the manifest",
    ),
    Mutation(
        "a hidden file that a loader reads in place of the card",
        ".huggingface.yaml written",
        lambda release: (release / ".huggingface.yaml").write_text("configs: []\n", "utf-8"),
        ".huggingface.yaml",
        "is read by loaders in place of the card",
    ),
    Mutation("a release without a row", "all Parquet files removed", without_rows, "articles", "holds no article"),
    Mutation(
        "an empty folder",
        "extra made",
        lambda release: (release / "extra").mkdir(),
        "extra",
        "is an empty folder",
    ),
    Mutation(
        "a link to a folder",
        "extra → articles",
        lambda release: (release / "extra").symlink_to("articles"),
        "extra",
        "is a link to a folder",
    ),
    Mutation(
        "a file of no config, listed in the manifest",
        f"extra/{TRAIN} listed",
        list_a_file_of_no_config,
        "manifest.json",
        f"lists extra/{TRAIN}, which is no file of a config",
    ),
    Mutation(
        "mixed file names",
        "copied to articles/part-1-of-2.parquet",
        lambda release: copy_shard(release, "part-1-of-2.parquet"),
        "articles/part-1-of-2.parquet",
        "is not named SPLIT-00000-of-0000N.parquet",
    ),
    Mutation(
        "a dash in a split name",
        "copied to articles/dev-set-00000-of-00001.parquet",
        lambda release: copy_shard(release, "dev-set-00000-of-00001.parquet"),
        "articles/dev-set-00000-of-00001.parquet",
        "with a split of train/validation/test",
    ),
    in_manifest(
        "a stale size",
        "n_bytes of articles + 1",
        lambda m: of_file(m, ARTICLES).update(n_bytes=of_file(m, ARTICLES)["n_bytes"] + 1),
        ARTICLES,
        "bytes, the manifest says",
    ),
    in_manifest(
        "a wrong row count",
        "rows of articles = 99",
        lambda m: of_file(m, ARTICLES).update(rows=99),
        ARTICLES,
        "rows, the manifest says 99",
    ),
    in_manifest(
        "wrong num_bytes in the manifest",
        "value_bytes of articles = 1",
        lambda m: of_file(m, ARTICLES).update(value_bytes=1),
        ARTICLES,
        "bytes, the manifest says 1",
    ),
    in_manifest(
        "a file under another split, so that sizes are summed up wrong",
        "split of articles = test",
        lambda m: of_file(m, ARTICLES).update(split="test"),
        "manifest.json",
        f"lists {ARTICLES} under config articles, split test",
    ),
    in_manifest(
        "a file listed twice",
        "articles listed again",
        lambda m: m["files"].append(of_file(m, ARTICLES)),
        "manifest.json",
        f"lists {ARTICLES} twice",
    ),
    # Documents
    *(
        Mutation(f"{name} lost", f"{name} removed", lambda release, n=name: (release / n).unlink(), name, told)
        for name, told in {
            "manifest.json": "cannot be read",
            "stats.json": "cannot be read",
            "README.md": "is missing",
            "croissant.json": "is missing",
            "pictures/funnel.zh.svg": "is missing; `zhnews card` writes it",
        }.items()
    ),
    Mutation(
        "a picture too many",
        "pictures/old.svg written",
        lambda release: (release / "pictures/old.svg").write_text("<svg/>", "utf-8"),
        "pictures/old.svg",
        "is no picture of this release",
    ),
    Mutation(
        "croissant.json of another release",
        "a word changed",
        lambda release: replace_text(release / "croissant.json", '"inLanguage": "zh"', '"inLanguage": "en"'),
        "croissant.json",
        "the release gives",
    ),
    Mutation(
        "counts in stats.json against the data",
        "pages.dropped = 2",
        lambda release: edit_json(release / "stats.json", lambda s: s["pages"].update(dropped=2)),
        "stats.json",
        "pages.dropped is 2, counted from the Parquet files it is 3",
    ),
    in_manifest(
        "pages that got lost",
        "counts.pages = 34",
        lambda m: m["counts"].update(pages=34),
        "manifest.json",
        "34 pages went in; 30 published and 3 dropped are 33",
    ),
    in_manifest(
        "an empty split that is not",
        "empty_splits = [test]",
        lambda m: m.update(empty_splits=["test"]),
        "manifest.json",
        "empty_splits is ['test'], by the files it is []",
    ),
    in_manifest(
        "leaks that are not told",
        "measured.across_splits.templates = 9",
        lambda m: m["measured"]["across_splits"].update(templates=9),
        "manifest.json",
        "measured.across_splits.templates is 9, counted from the Parquet files",
    ),
    in_manifest(
        "settings that are not those stated",
        "settings.splits.train = .5",
        lambda m: m["settings"]["splits"].update(train=0.5),
        "manifest.json",
        "settings_sha256 is not the digest of its settings",
    ),
    in_manifest(
        "inputs that are not those stated",
        "n_bytes of an input + 1",
        lambda m: m["inputs"]["listed"][0].update(n_bytes=10),
        "manifest.json",
        "inputs.sha256 is not the digest of the inputs listed",
    ),
    in_manifest(
        "a count of inputs that are not there",
        "counts.inputs = 7",
        lambda m: m["counts"].update(inputs=7),
        "manifest.json",
        "counts.inputs is 7, which is not the 1 files of inputs",
    ),
    in_manifest(
        "a stage counted wrong",
        "counts.duplicates = 9",
        lambda m: m["counts"].update(duplicates=9),
        "manifest.json",
        "counts.duplicates is 9, counted from the Parquet files it is 1",
    ),
    in_manifest(
        "another table of keys than that of the code",
        "pipeline.key_table_sha256 = 0…",
        lambda m: m["pipeline"].update(key_table_sha256="0" * 64),
        "manifest.json",
        "of the code of code_sha256 it is",
    ),
    in_manifest(
        "code that nothing names",
        "pipeline.code_sha256 = 'main'",
        lambda m: m["pipeline"].update(code_sha256="main"),
        "manifest.json",
        "pipeline.code_sha256 is no SHA-256",
    ),
    in_manifest(
        "an earlier release that nothing names",
        "over.version = 1",
        lambda m: m.update(over={"name": "bridges", "version": 1, "logical_sha256": "0" * 64}),
        "manifest.json",
        "over.version is not a text",
    ),
    in_manifest(
        "an earlier release before it, counted wrong",
        "over.over.pages = -1",
        lambda m: m.update(
            over={"name": "bridges", "version": "0.9.0", "logical_sha256": "0" * 64}
            | {"over": {"name": "bridges", "version": "0.8.0", "logical_sha256": "0" * 64, "pages": -1}}
        ),
        "manifest.json",
        "over.over.pages is not how many there are",
    ),
    in_manifest(
        "a number of keywords that is none",
        "settings.words.keywords = 'alle'",
        lambda m: m["settings"].update(words={"keywords": "alle"}),
        "manifest.json",
        "settings.words.keywords is not a number",
    ),
    in_manifest(
        "a manifest of another shape",
        "rows of a file = 'viele'",
        lambda m: m["files"][0].update(rows="viele"),
        "manifest.json",
        "files[0].rows is not a number",
    ),
    in_manifest(
        "thresholds that are none",
        "settings.dedup.min_jaccard = 'hoch'",
        lambda m: m["settings"].update(dedup={"min_jaccard": "hoch"}),
        "manifest.json",
        "settings.dedup are not thresholds (min_jaccard: ",
    ),
    in_manifest(
        "a manifest of another format", "format = 2", lambda m: m.update(format=2), "manifest.json", "format is 2"
    ),
    Mutation(
        "a key twice in stats.json, of which readers take one",
        "a second `pages` before the first",
        lambda release: replace_text(release / "stats.json", "{\n", '{\n "pages": {},\n', 1),
        "stats.json",
        "the key 'pages' stands twice in one object",
    ),
    Mutation(
        "a card with other ends of lines",
        "README.md with \\r\\n",
        lambda release: (release / "README.md").write_bytes(
            (release / "README.md").read_bytes().replace(b"\n", b"\r\n")
        ),
        "README.md",
        "ends its lines otherwise",
    ),
    in_manifest("a manifest cut short", "files removed", lambda m: m.pop("files"), "manifest.json", "lacks files"),
    # The card
    Mutation(
        "no configs in the card",
        "README.md: `configs` renamed",
        lambda release: replace_text(release / "README.md", "\nconfigs:\n", "\nsubsets:\n", 1),
        "README.md",
        "names no configs: a loader would guess them",
    ),
    in_card(
        "a config that the card lost",
        "- config_name: blocks\n",
        "- config_name: lines\n",
        "config 'blocks' is not in the card",
        -1,
    ),
    in_card(
        "a slash in a config name",
        "- config_name: blocks\n",
        "- config_name: a/b\n",
        "a loader refuses a name with '/'",
        -1,
    ),
    in_card(
        "no default config", "  default: true\n", "", "the default config should be 'articles' alone, the card has none"
    ),
    in_card(
        "two default configs",
        "- config_name: blocks\n",
        "- config_name: blocks\n  default: true\n",
        "the default config should be 'articles' alone, the card has ['articles', 'blocks']",
    ),
    in_card("a path that matches nothing", "blocks/train-*.parquet", "block/train-*.parquet", "matches no file"),
    in_card(
        "a path that takes another split's files",
        "blocks/test-*.parquet",
        "blocks/*.parquet",
        "config 'blocks': split 'test': its path 'blocks/*.parquet' does not take the files of the split",
    ),
    in_card(
        "a dash in a split name of the card",
        "- split: train\n",
        "- split: train-a\n",
        "a loader refuses a name with '-'",
    ),
    in_card(
        "a split without a path", "  - split: test\n    path: blocks/test-*.parquet\n", "", "split 'test' has no path"
    ),
    in_card(
        "an empty split in the card",
        "  - name: test\n    num_bytes",
        "  - name: dev\n    num_bytes: 0\n    num_examples: 0\n  - name: test\n    num_bytes",
        "'dev': 0",
    ),
    in_card(
        "class names in another order in the card",
        "'0': title\n          '1': lede\n",
        "'0': lede\n          '1': title\n",
        "column 'label' is not as in the files (type, or order of its classes)",
    ),
    in_card(
        "a column that only the card has",
        "  - name: title\n",
        "  - name: channel\n    dtype: string\n  - name: title\n",
        "config 'articles': column 'channel' is in no file; a loader would fill it with nulls",
    ),
    in_card(
        "a column that the card lacks",
        "  - name: outlet\n    dtype: string\n",
        "",
        "config 'articles': column 'outlet' is not in the card",
    ),
    in_card(
        "a column of another type in the card",
        "  - name: n_chars\n    dtype: int32\n",
        "  - name: n_chars\n    dtype: int64\n",
        "column 'n_chars' is not as in the files",
    ),
    in_card(
        "list types in the new form in the card",
        "  - name: byline\n    list: string\n",
        "  - name: byline\n    feature: string\n    _type: List\n",
        "column 'byline' is not as in the files",
    ),
    in_card(
        "counts in the card against the data",
        "num_examples: 24\n",
        "num_examples: 25\n",
        "config 'articles': the card counts {'train': 25, 'validation': 3, 'test': 3}",
    ),
    *(
        Mutation(
            f"wrong {key} in the card",
            f"README.md: {key} with a digit more",
            lambda release, key=key: replace_text(release / "README.md", f" {key}: ", f" {key}: 1", 1),
            "README.md:",
            f"{key}: 1",
        )
        for key in ("num_bytes", "download_size", "dataset_size")
    ),
    in_card(
        "a wrong number in the text of the card",
        "| 句子 | 210 |",
        "| 句子 | 211 |",
        "says '| 句子 | 211 |'; the release gives '| 句子 | 210 |'",
        where="README.md:",
    ),
    in_card(
        "another licence in the card",
        "license: cc0-1.0",
        "license: mit",
        "the release gives 'license: cc0-1.0'",
        where="README.md:",
    ),
    in_card("another size class in the card", "- n<1K", "- 1K<n<10K", "the release gives '- n<1K'", where="README.md:"),
    in_card("a card without YAML", "---\nlicense", "license", "does not begin with a YAML block"),
)
