"""The YAML block that opens the card: what the Hub and `datasets` read of it."""

from collections.abc import Mapping
from typing import Any

import yaml

from builder.publish.configs import Config
from builder.publish.features import ARTICLES, CONFIGS, feature_of

#: The Hub's list: https://huggingface.co/tasks, as of 2026.
TASK_CATEGORIES = ("summarization", "text-classification", "text-generation")

TAGS = ("news", "chinese", "boilerplate-removal", "deduplication")

#: Upper borders of the Hub's size classes, in rows of the default config.
SIZES = (
    (10**3, "n<1K"),
    (10**4, "1K<n<10K"),
    (10**5, "10K<n<100K"),
    (10**6, "100K<n<1M"),
    (10**7, "1M<n<10M"),
    (10**8, "10M<n<100M"),
    (10**9, "100M<n<1B"),
    (10**10, "1B<n<10B"),
    (10**11, "10B<n<100B"),
    (10**12, "100B<n<1T"),
)


#: The same language by libyaml, where there is one: .15 s less for a card.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Dumper(yaml.SafeDumper):
    """Writes equal values out in full: an anchor (&id001) would be right and unreadable."""

    def ignore_aliases(self, data: Any) -> bool:
        """Never alias."""
        return True


def front_matter(manifest: Mapping[str, Any], stats: Mapping[str, Any]) -> str:
    """Return the YAML block with its marks: licence, language, sizes, configs with their files, features and counts."""
    rows = stats["rows"]
    present = [config for config in CONFIGS if rows[config.name]]
    values = {
        "license": manifest["licence"],
        "language": ["zh"],
        "pretty_name": f"{manifest['name']} {manifest['version']}",
        "task_categories": list(TASK_CATEGORIES),
        "size_categories": [size_category(sum(rows[ARTICLES.name].values()))],
        "tags": list(TAGS),
        "configs": [
            {
                "config_name": config.name,
                **({"default": True} if config is ARTICLES else {}),
                "data_files": [
                    {"split": split, "path": f"{config.name}/{split}-*.parquet"} for split in rows[config.name]
                ],
            }
            for config in present
        ],
        "dataset_info": [_info(config, rows[config.name], manifest["files"]) for config in present],
    }
    text: str = yaml.dump(values, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)
    return f"---\n{text}---\n"


def read_front_matter(readme: str) -> Any:
    """Return the values of the YAML block of a card; None when it has none."""
    if not readme.startswith("---\n") or "\n---\n" not in readme:
        return None
    loader = _Loader(readme[4:].partition("\n---\n")[0])
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


def by_name(values: Mapping[str, Any], key: str, name: str) -> dict[Any, dict[str, Any]]:
    """Return the entries of a list in the YAML block by their name; what has no such shape is passed over."""
    entries = values.get(key)
    return {e.get(name): e for e in entries if isinstance(e, dict)} if isinstance(entries, list) else {}


def size_category(n: int) -> str:
    """
    Return the Hub's name for a size.

    >>> size_category(999), size_category(46_000), size_category(10**10 + 1)
    ('n<1K', '10K<n<100K', '10B<n<100B')
    """
    return next((name for border, name in SIZES if n < border), "n>1T")


def yaml_features(config: Config) -> list[dict[str, Any]]:
    """Return the columns as the card writes them, lists in the old form: `datasets` 2.21 to 5 read it."""
    return [_yaml_feature(field.name, feature_of(field.name, field.type)) for field in config.schema]


def _yaml_feature(name: str, feature: Any) -> dict[str, Any]:
    return {"name": name, **_yaml_type(feature)}


def _yaml_type(feature: Any) -> dict[str, Any]:
    if isinstance(feature, list):
        inner = _yaml_type(feature[0])
        # A list of values is `list: string`; of structs, `list:` and the fields.
        return {"list": inner.get("struct", inner.get("dtype"))}
    if "_type" not in feature:
        return {"struct": [_yaml_feature(name, value) for name, value in feature.items()]}
    if feature["_type"] == "ClassLabel":
        return {"dtype": {"class_label": {"names": {str(i): n for i, n in enumerate(feature["names"])}}}}
    return {"dtype": feature["dtype"]}


def _info(config: Config, rows: Mapping[str, int], files: Any) -> dict[str, Any]:
    mine = [file for file in files if file["config"] == config.name]
    return {
        "config_name": config.name,
        "features": yaml_features(config),
        "splits": [
            {
                "name": split,
                "num_bytes": sum(file["value_bytes"] for file in mine if file["split"] == split),
                "num_examples": n,
            }
            for split, n in rows.items()
        ],
        "download_size": sum(file["n_bytes"] for file in mine),
        "dataset_size": sum(file["value_bytes"] for file in mine),
    }
