"""What a published config is: a name, its columns with their types and meanings, its splits."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import pyarrow as pa

from builder.schemas import CHINA_TIME

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

OUTLET = Column("outlet", pa.string(), "页面标明的来源媒体", "the medium that the page credits")
PUBLISHED_AT = Column("published_at", CHINA_TIME, "发布时间，北京时间", "time of publication, China time")
URL = Column("url", pa.string(), "网址", "address of the page")
LICENCE = Column("licence", pa.string(), "许可标识", "identifier of the licence")
CLUSTER_ID = Column("cluster_id", pa.string(), "重复簇编号，同簇不跨划分", "duplicate cluster; never in two splits")

#: What the rows of a config that is used without `articles` say of their origin; all else is found by article_id.
PROVENANCE = (OUTLET, PUBLISHED_AT, URL, LICENCE, CLUSTER_ID)

#: The columns of such a row that are those of its article.
OF_ARTICLE = tuple(column.name for column in (ARTICLE_ID, *PROVENANCE))
