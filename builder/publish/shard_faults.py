"""
What is wrong in the files of one shard: all rows of an article stand in those of one split and number.

A shard is checked by itself, in any process: what it must know of others is given to it, and what only all shards
together tell is handed on.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from builder.publish.configs import Config
from builder.publish.content import check_articles, check_blocks, check_learning, check_tokens
from builder.publish.features import ARTICLES, BLOCKS, CONFIGS, DROPPED, NEAR_DUP_PAIRS, SENTENCES, TOKENS
from builder.publish.ids import Elsewhere, Ids
from builder.publish.made import Made
from builder.publish.relations import Pages, check_dropped, check_pairs
from builder.publish.rows import Rows
from builder.publish.seen import Seen
from builder.publish.spans import Articles, check_sentences
from builder.tasks.learning import TASKS

#: The configs whose rows come of the article in the shard of the same name, and of nothing else.
OF_SHARD = tuple(config for config in CONFIGS if config not in (NEAR_DUP_PAIRS, DROPPED))

#: The configs that are made of rows of `articles`, and how.
_OF_ARTICLES = {task.config.name: task for task in TASKS}

#: How a shard is named; the Hub and `datasets` read the split from the card's globs, people from the name.
_SHARD = re.compile(r"([a-z]+)-\d{5}-of-(?!00000)\d{5}\.parquet")

Check = Callable[[Iterable[pa.Table]], Iterator[str]]


class InFile(NamedTuple):
    """A fault in a file, and whether its values cannot be read for that."""

    where: str
    what: str
    unreadable: bool = False


class About(NamedTuple):
    """
    What a manifest says of the files of one shard, and of how their rows were made.

    Attributes:
        listed: of each file, by its config.
        fixed: the columns that it settles, see `values.settled`.
        made: the configs that have rows where there are articles.
    """

    listed: Mapping[str, Mapping[str, Any]]
    fixed: Mapping[str, str | None]
    how: Made
    made: frozenset[str]


def check_shard(folder: Path, shard: str, about: About, elsewhere: Elsewhere) -> tuple[list[InFile], Seen]:
    """Read the files of a shard once, a row group at a time; what is wrong with each, and what was seen in them."""
    faults: list[InFile] = []
    seen, articles = Seen(), Articles(ARTICLES.schema.empty_table())
    checks: dict[str, Check] = {
        ARTICLES.name: partial(
            check_articles, shard=shard, articles=articles, elsewhere=elsewhere, seen=seen, how=about.how
        ),
        SENTENCES.name: partial(check_sentences, articles=articles),
        TOKENS.name: partial(check_tokens, articles=articles, how=about.how),
        BLOCKS.name: partial(check_blocks, articles=articles, seen=seen, how=about.how),
    }
    checks |= {
        name: partial(check_learning, task=task, articles=articles, seen=seen) for name, task in _OF_ARTICLES.items()
    }
    for config in OF_SHARD:
        if is_there(folder, config, shard):
            faults += _check_file(folder, config, shard, about, checks[config.name])
        elif articles.table.num_rows and config.name in about.made:
            # No row of it is right where no article gives one.
            faults += [InFile(f"{config.name}/{shard}", what) for what in checks[config.name]([])]
    return faults, seen


def check_dropped_shard(folder: Path, shard: str, about: About, ids: Ids, seen: Seen) -> list[InFile]:
    """Likewise of a shard of `dropped`, when all articles were seen; adds to both."""
    return _check_file(folder, DROPPED, shard, about, partial(check_dropped, ids=ids, seen=seen))


def check_pairs_shard(folder: Path, shard: str, about: About, pages: Pages) -> list[InFile]:
    """Likewise of a shard of `near_dup_pairs`."""
    split = shard.partition("-")[0]
    check = partial(check_pairs, split=split, pages=pages, settings=about.how.dedup)
    return _check_file(folder, NEAR_DUP_PAIRS, shard, about, check)


def is_there(folder: Path, config: Config, shard: str) -> bool:
    """Whether a config has this shard, also as a link that leads nowhere."""
    return os.path.lexists(folder / config.name / shard)


def is_named(config: Config, shard: str) -> bool:
    """Whether a shard has the name of one of this config."""
    named = _SHARD.fullmatch(shard)
    return named is not None and named[1] in config.splits


def _check_file(folder: Path, config: Config, shard: str, about: About, check: Check) -> list[InFile]:
    name = f"{config.name}/{shard}"
    if not is_named(config, shard):
        return [InFile(name, f"is not named SPLIT-00000-of-0000N.parquet with a split of {'/'.join(config.splits)}")]
    rows = Rows(folder / name, config, about.fixed)
    content = [] if rows.unreadable else list(check(rows))
    if rows.unreadable:
        return [InFile(name, what, unreadable=True) for what in rows.unreadable]
    return [InFile(name, what) for what in (*rows.told(about.listed.get(config.name)), *content)]
