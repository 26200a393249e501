"""What a published config is: a name, its columns with their types and meanings, its splits."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import pyarrow as pa

#: The splits of every config but `dropped`, in the order in which they are listed.
SPLITS = ("train", "validation", "test")

#: The one split of the config `dropped`.
DROPPED_SPLIT = "dropped"


class Column(NamedTuple):
    """A published column: its Arrow type, and what it holds, in both languages, units included."""

    name: str
    type: pa.DataType
    zh: str
    en: str


@dataclass(frozen=True)
class Config:
    """A named subset of the dataset: what `load_dataset(DIR, name)` gives. Rows stand in the order of `sort_by`."""

    name: str
    zh: str
    en: str
    sort_by: tuple[str, ...]
    columns: tuple[Column, ...]
    splits: tuple[str, ...] = SPLITS

    @cached_property
    def schema(self) -> pa.Schema:
        """The Arrow schema, without metadata."""
        return pa.schema([(column.name, column.type) for column in self.columns])


ARTICLE_ID = Column("article_id", pa.string(), "文章编号，连接各配置", "id of the article; joins the configs")
