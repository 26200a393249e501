"""What a published config is: a name, its columns with their types and meanings, its splits."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import pyarrow as pa

from builder.schemas import CHINA_TIME, TEXTS, TIME

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
SOURCE = Column("source", pa.string(), "输入文件及其中位置", "file of the input, and the place in it")
FETCHED_AT = Column("fetched_at", TIME, "抓取时间，UTC", "when the page was fetched, UTC")
ROBOTS = Column(
    "robots",
    TEXTS,
    "页面对一切爬虫的指令（meta robots 与 X-Robots-Tag），小写，如 noindex、noarchive、noai；页面未写则为空",
    "directives of the page for all robots (meta robots, X-Robots-Tag), lower case, such as noindex, "
    "noarchive, noai; null when it states none",
)
TDM_RESERVATION = Column(
    "tdm_reservation",
    pa.bool_(),
    "页面是否声明保留文本与数据挖掘的权利（TDMRep）；页面未写则为空，站点文件 tdmrep.json 不在其内",
    "whether the page reserves text and data mining (TDMRep); null when it does not say; the site's "
    "tdmrep.json is not read",
)
TDM_POLICY = Column(
    "tdm_policy",
    pa.string(),
    "页面给出的文本与数据挖掘许可条款的网址",
    "address of the terms of text and data mining that the page gives",
)
RAW_SHA256 = Column("raw_sha256", pa.string(), "原始字节的 SHA-256", "SHA-256 of the page's bytes")
TEXT_SHA256 = Column(
    "text_sha256", pa.string(), "文章 text 的 SHA-256（UTF-8）", "SHA-256 of the article's text (UTF-8)"
)
PIPELINE_VERSION = Column("pipeline_version", pa.string(), "生成程序的版本", "version of the program that made the row")

#: What the rows of a config that is used without `articles` say of their origin; all else is found by article_id.
PROVENANCE = (
    *(OUTLET, PUBLISHED_AT, URL, SOURCE, FETCHED_AT, LICENCE, ROBOTS, TDM_RESERVATION, TDM_POLICY),
    *(RAW_SHA256, TEXT_SHA256, CLUSTER_ID, PIPELINE_VERSION),
)

#: The columns of such a row that are those of its article.
OF_ARTICLE = tuple(column.name for column in (ARTICLE_ID, *PROVENANCE))
