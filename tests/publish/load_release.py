"""
Load a release with whatever `datasets` this Python finds, and print what came out: run by test_versions.py.

    python load_release.py FOLDER  →  one JSON object: version, and of each config, split and way of loading its
    features as text, the classes by column, and the SHA-256 of its rows
"""

import json
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any


def digest(rows: Any) -> str:
    """Hash of rows as plain values; times as ISO 8601 with their offset."""
    found = sha256()
    for row in rows:
        found.update(json.dumps(row, ensure_ascii=False, sort_keys=True, default=lambda t: t.isoformat()).encode())
    return found.hexdigest()


def classes(features: Any) -> dict[str, list[str]]:
    """Names of every class label, wherever it stands; a list of structs is `[{}]`, or of a type of its own."""
    found: dict[str, list[str]] = {}

    def descend(path: str, feature: Any) -> None:
        if hasattr(feature, "names"):
            found[path] = list(feature.names)
        elif isinstance(feature, dict):
            for name, inner in feature.items():
                descend(f"{path}.{name}".lstrip("."), inner)
        elif isinstance(feature, list):
            descend(path, feature[0])
        elif hasattr(feature, "feature"):
            descend(path, feature.feature)

    descend("", dict(features))
    return found


def main(folder: Path) -> None:
    """Load everything, plain and streaming."""
    import datasets

    datasets.disable_progress_bars()
    told: dict[str, Any] = {"version": datasets.__version__}
    for name in sorted(datasets.get_dataset_config_names(str(folder))):
        for streaming in (False, True):
            for split, rows in datasets.load_dataset(str(folder), name, streaming=streaming).items():
                way = "streaming" if streaming else "plain"
                told[f"{name}/{split}/{way}"] = [digest(rows), classes(rows.features), list(rows.features)]
    print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
