"""How many shards a split has, and which of them a row goes to: what a release is cut into, and is checked by."""

from collections.abc import Mapping
from hashlib import sha256


def plan_shards(rows: Mapping[str, int], shard_articles: int) -> dict[str, int]:
    """
    Return the number of shards of each split that has rows.

    A power of two: when a split outgrows its shards, each is cut in two and no row moves between the halves of others.

    >>> plan_shards({"train": 20_000, "validation": 2_500, "test": 0}, 8192)
    {'train': 4, 'validation': 1}
    """
    return {split: 1 << (-(-n // shard_articles) - 1).bit_length() for split, n in rows.items() if n > 0}


def shard_name(split: str, key: str, plan: Mapping[str, int]) -> str:
    """Return `train-00001-of-00004`, the shard of `key` (an article's id; of a dropped page, its source)."""
    shards = plan[split]
    return f"{split}-{int.from_bytes(sha256(key.encode()).digest()[:8]) % shards:05}-of-{shards:05}"
