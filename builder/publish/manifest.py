"""
`manifest.json`: what a release was made from and what it holds, enough to make it again and to prove that it is whole.

It holds no wall clock, no absolute path, and nothing of the machine: equal input gives equal bytes.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from builder import __version__
from builder.dedup.keys import table_digest
from builder.tables import code_digest, read_table

#: Recall and precision of the masking by kind, which `tests/benchmarks/privacy.py --write` measures.
PRIVACY_SCORES = Path(__file__).parents[1] / "privacy_scores.json"

#: The labeller's figures on sites that it had not seen, which `zhnews train` measures.
LABEL_SCORES = Path(__file__).parents[1] / "weights" / "blocks.json"

#: The packages whose version can change a release.
PACKAGES = ("jieba", "numpy", "pandas", "pyarrow", "selectolax")

# A crawl of a million pages in single files would make a manifest of 200 MB; past this many inputs their digest
# stands for them, and `dropped` and `articles` still name the source of every row.
LISTED_INPUTS = 1000


def make_manifest(
    *,
    name: str,
    version: str,
    licence: str,
    inputs: Path,
    settings: Mapping[str, Any],
    counts: Mapping[str, int],
    test_from: date | None = None,
    gold: Mapping[str, Any] | None,
    benchmarks: Sequence[Mapping[str, Any]] = (),
    files: Sequence[Mapping[str, Any]],
    empty_splits: Sequence[str],
    over: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """
    Put the manifest together; see `publish` for the arguments.

    Args:
        inputs: INPUTS table.
        files: rows of FILES.
        empty_splits: splits that no article fell into.
        test_from: first day of the test, in China; None where splits are by hash, or no article is dated.
        over: name, version, counts and logical hash of the earlier release that this one adds to; None when it is new.
    """
    return {
        "format": 1,
        "name": name,
        "version": version,
        "licence": licence,
        "over": None if over is None else dict(over),
        "pipeline": {
            "name": "zhnews-builder",
            "version": __version__,
            "code_sha256": code_digest(),
            "key_table_sha256": table_digest(),
            "packages": packages(),
        },
        "inputs": describe_inputs(inputs),
        "settings": dict(settings),
        "settings_sha256": digest(settings),
        "counts": dict(counts),
        "test_from": test_from and test_from.isoformat(),
        **({"gold": dict(gold)} if gold else {}),
        **({"benchmarks": [dict(file) for file in benchmarks]} if benchmarks else {}),
        "measured": {"privacy": json.loads(PRIVACY_SCORES.read_text("utf-8")), "labels": label_scores()},
        "empty_splits": list(empty_splits),
        "files": [dict(row) for row in sorted(files, key=lambda row: row["path"])],
    }


def describe_inputs(inputs: Path) -> dict[str, Any]:
    """
    Return number, bytes and digest of the INPUTS, and a list of them when it is short.

    The digest is that of the list as a JSON value, put together row by row: in memory the rows stay an Arrow table.
    """
    table = read_table(inputs, ["source", "kind", "n_bytes", "sha256"]).sort_by(
        [("source", "ascending"), ("sha256", "ascending")]
    )
    hashed, between = sha256(b"["), b""
    for batch in table.to_batches(max_chunksize=LISTED_INPUTS):
        for row in batch.to_pylist():
            hashed.update(between + _json(row))
            between = b", "
    hashed.update(b"]")
    return {
        "files": table.num_rows,
        "n_bytes": pc.sum(table["n_bytes"]).as_py() or 0,
        "sha256": hashed.hexdigest(),
        "listed": table.to_pylist() if table.num_rows <= LISTED_INPUTS else [],
    }


def label_scores() -> dict[str, Any]:
    """
    Return how well the shipped labeller does on pages of sites that it has not seen.

    Of HTML and of text dumps: `macro_f1`, `accuracy`, `pages_right`, `line_f1` by role, and where training wrote them
    `intervals` (95 %) and gold `lines` by role.
    """
    about = json.loads(LABEL_SCORES.read_text("utf-8"))
    found: dict[str, Any] = {"pages": about["data"]["gold_pages"], "sites": about["data"]["gold_sites"]}
    measured = ("macro_f1", "accuracy", "pages_right")
    for name, figures in about["unseen_sites"].items():
        by_role = {key.partition(".")[2]: value for key, value in figures.items() if key.startswith("line_f1.")}
        found[name] = {key: figures[key] for key in measured} | {"line_f1": by_role}
        found[name] |= {key: figures.get(key, {}) for key in ("intervals", "lines")}
    return found


def packages() -> dict[str, str]:
    """Versions of PACKAGES."""
    return {package: package_version(package) for package in PACKAGES}


def digest(value: Any) -> str:
    """Hex digest of a JSON value."""
    return sha256(_json(value)).hexdigest()


def _json(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False).encode()


def dumps(value: Any) -> str:
    """Return a JSON file's text: readable, and the same for the same value."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
