"""
The published configs: every column with its Arrow type, its unit and its meaning, in Chinese and in English.

The Arrow schema, the schema in the words of Hugging Face `datasets`, and the tables of the card all come from here.
Class labels are int64 columns whose names stand in the `huggingface` metadata of every shard and in the card.
"""

import json
from typing import Any

import pyarrow as pa

from builder.publish.configs import (
    ARTICLE_ID,
    CLUSTER_ID,
    DROPPED_SPLIT,
    FETCHED_AT,
    LICENCE,
    OUTLET,
    PIPELINE_VERSION,
    PUBLISHED_AT,
    RAW_SHA256,
    ROBOTS,
    SOURCE,
    TDM_POLICY,
    TDM_RESERVATION,
    TEXT_SHA256,
    URL,
    Column,
    Config,
)
from builder.publish.learning import CLASSIFICATION, HEADLINE, SUMMARIZATION
from builder.records import LABELS, ORIGINS, ROLES
from builder.schemas import CHANGES, TEXTS

#: Class names of a column, wherever it stands, also inside lists and structs.
CLASS_NAMES: dict[str, tuple[str, ...]] = {"role": ROLES, "label": LABELS, "origin": ORIGINS}

_TEXT, _INT, _CLASS, _BOOL = pa.string(), pa.int32(), pa.int64(), pa.bool_()
_DATELINE = pa.struct([("agency", _TEXT), ("place", _TEXT), ("date", _TEXT), ("raw", _TEXT)])
_PARAGRAPH = pa.struct([("role", _CLASS), ("start", _INT), ("end", _INT)])
_PRIVACY = pa.struct([("kind", _TEXT), ("start", _INT), ("end", _INT)])

#: How alike two texts are; null in counts of exact copies, which are not compared.
_MEASURES = (
    Column(
        "jaccard",
        pa.float32(),
        "共有五字片段占两文全部片段之比，0 至 1",
        "runs of five characters that both texts have, over those of either, 0 to 1",
    ),
    Column(
        "containment",
        pa.float32(),
        "共有五字片段占较短一文之比，0 至 1",
        "the same over those of the text that has fewer, 0 to 1",
    ),
    Column("facts_shared", _INT, "上下文相同而一致的数字个数", "numbers that stand in the same words in both"),
    Column(
        "facts_changed",
        _INT,
        "上下文相同而不一致的数字个数",
        "numbers where the other text has another between the same words",
    ),
)

ARTICLES = Config(
    "articles",
    "每行一篇文章",
    "one article a row",
    ("article_id",),
    (
        ARTICLE_ID,
        Column("title", _TEXT, "标题", "headline"),
        Column("subtitle", _TEXT, "引题或副题", "kicker or deck"),
        Column("byline", TEXTS, "记者、作者，不含编辑", "reporters and writers, never editors"),
        Column("editor", TEXTS, "编辑", "editors"),
        OUTLET,
        Column(
            "dateline",
            _DATELINE,
            "电头：机构、地点、日期、原文（原文仍在 text 中）",
            "dateline: agency, place, date as written, and its wording (which stays in text)",
        ),
        PUBLISHED_AT,
        Column(
            "published_precision",
            _TEXT,
            "发布时间的精度：day、minute、second",
            "precision of published_at: day, minute or second",
        ),
        Column(
            "published_zone",
            _TEXT,
            "时区是页面写明（stated）还是按 +08:00 推定（assumed）",
            "whether the page states the offset (stated) or +08:00 was assumed (assumed)",
        ),
        Column("category", _TEXT, "页面自己标明的频道", "the channel that the page itself states"),
        Column(
            "category_origin",
            _TEXT,
            "频道出自面包屑（breadcrumb）、来源行（publication-line）还是网页头部（head）",
            "where the page states the channel: breadcrumb, publication-line or head",
        ),
        Column(
            "description",
            _TEXT,
            "网页头部的简介（meta description、og:description），照录，常被截断或只是标题；多篇文章共有的不收",
            "the description in the page's head (meta description, og:description), as it stands: often cut off, or "
            "the headline; null when another article has it too, for then it speaks of the site",
        ),
        Column(
            "text",
            _TEXT,
            "正文：导语与正文各段，每段一行；所有偏移以它为准",
            "the running text, lede and body, a paragraph a line; every offset counts in it",
        ),
        Column(
            "normalized",
            CHANGES,
            "规范化改动的字符数：去掉的不可见字符、换成空格或去掉的特殊空白、孤立代理、NFC；标点不改",
            "characters of text that normalising changed: invisible ones removed, special white space folded, lone "
            "surrogates, NFC; punctuation is never changed",
        ),
        Column(
            "text_simplified",
            _TEXT,
            "text 转为简体（OpenCC t2s）；设置 simplified = true 时才有",
            "text in simplified script (OpenCC t2s); null unless the settings say simplified = true",
        ),
        Column(
            "paragraphs",
            pa.list_(pa.field("element", _PARAGRAPH)),
            "各段的角色与起止（码点，左闭右开）",
            "role and span of each paragraph in text (code points, half-open)",
        ),
        Column(
            "paragraph_articles",
            pa.list_(pa.field("element", _INT)),
            "各段见于几篇已发布的文章：1 表示仅见于本文；标点、繁简不计，不足 16 字的段一律记 1",
            "in how many published articles each paragraph stands: 1, here only; compared without punctuation and "
            "script, and 1 for any under 16 letters and digits",
        ),
        Column("lede", TEXTS, "导语各段", "paragraphs of the lede"),
        Column("body", TEXTS, "正文各段，含小标题", "paragraphs of the body with its subheads"),
        Column("footer", TEXTS, "文末署名、声明、启事", "credits and notices after the text"),
        Column("captions", TEXTS, "图片、视频说明", "captions of pictures and videos"),
        Column(
            "keywords",
            TEXTS,
            "关键词，结巴 TF-IDF，由高到低",
            "keywords by jieba's TF-IDF, the highest first",
        ),
        Column(
            "privacy",
            pa.list_(pa.field("element", _PRIVACY)),
            "text 中个人信息占位符的种类与起止（码点，左闭右开）",
            "kind and span of each placeholder of personal data in text (code points, half-open)",
        ),
        Column(
            "partial",
            _BOOL,
            "文章分页而输入中缺页",
            "the article is cut over several pages and the input lacks some of them",
        ),
        Column(
            "script",
            _TEXT,
            "字形：simplified、traditional、mixed；无从判断时为空",
            "simplified, traditional or mixed; null when no character tells",
        ),
        Column("cantonese", _BOOL, "粤语", "written in Cantonese"),
        Column(
            "han_ratio",
            pa.float32(),
            "汉字占非空白字符之比，0 至 1",
            "Han characters among those that are not white space, 0 to 1",
        ),
        Column("n_mojibake", _INT, "乱码处数", "places where a wrong decoding shows"),
        Column("n_replacement", _INT, "U+FFFD 的个数", "number of U+FFFD"),
        Column(
            "max_repeat_ratio",
            pa.float32(),
            "最长重复片段占 text 之比，0 至 1",
            "length of the longest n-gram that stands twice over that of text, 0 to 1",
        ),
        Column("n_chars", _INT, "text 的长度（码点）", "length of text (code points)"),
        URL,
        SOURCE,
        FETCHED_AT,
        Column("charset", _TEXT, "解码所用的编码", "the encoding that the page was decoded with"),
        LICENCE,
        ROBOTS,
        TDM_RESERVATION,
        TDM_POLICY,
        Column("page_id", _TEXT, "页面编号（网址与内容的散列）", "id of the page (hash of address and content)"),
        RAW_SHA256,
        TEXT_SHA256,
        CLUSTER_ID,
        Column("cluster_size", _INT, "簇内页面数，1 表示无重复", "pages in the cluster; 1 means no duplicate"),
        Column(
            "template_id",
            _TEXT,
            "套话编号：同一套话写成的不同新闻（天气、行情）共有；多数为空",
            "shared by different stories of one template (weather, markets), all kept; null for most",
        ),
        PIPELINE_VERSION,
    ),
)

SENTENCES = Config(
    "sentences",
    "每行一句，不含图片说明",
    "one sentence a row, captions left out",
    ("article_id", "index"),
    (
        ARTICLE_ID,
        Column("index", _INT, "句序，从 0 起", "number of the sentence in the article, from 0"),
        Column("paragraph", _INT, "所在段，从 0 起（text 的行）", "its paragraph, from 0 (the line of text)"),
        Column("role", _CLASS, "所在段的角色", "role of its paragraph"),
        Column("text", _TEXT, "句子，等于文章 text[start:end]", "the sentence: text[start:end] of its article"),
        Column("start", _INT, "在文章 text 中的起点（码点）", "start in the article's text (code points)"),
        Column("end", _INT, "终点，不含（码点）", "end, exclusive (code points)"),
        Column(
            "in_quote",
            _BOOL,
            "属于引语：起于引号之内，或整句即引语",
            "quoted speech: it begins inside a quotation, or is one from end to end",
        ),
        Column("n_chars", _INT, "句长（码点）", "length (code points)"),
    ),
)

TOKENS = Config(
    "tokens",
    "每行一句的词（结巴分词），与 sentences 逐行对应",
    "the words of one sentence a row, by jieba; row for row that of `sentences`",
    ("article_id", "index"),
    (
        ARTICLE_ID,
        Column("index", _INT, "句序，从 0 起", "number of the sentence in the article, from 0"),
        Column("tokens", TEXTS, "词，首尾相接即为句子", "the words; joined, they are the sentence"),
        Column(
            "jieba_posseg",
            pa.list_(pa.field("element", pa.struct([("word", _TEXT), ("tag", _TEXT)]))),
            "jieba.posseg 的词与词性，切法与 tokens 不尽相同；设置 pos = true 时才有",
            "words and tags by jieba.posseg, which cuts in its own way; null unless the settings say pos = true",
        ),
    ),
)

BLOCKS = Config(
    "blocks",
    "每行一个页面块：已发布文章所在的各页的每一行可见文字",
    "one block a row: every visible line of the pages of published articles, all the pages of each",
    ("article_id", "index"),
    (
        ARTICLE_ID,
        Column(
            "index",
            _INT,
            "序号，从 0 起；文章分页时各页接着编",
            "number of the block, from 0: on its page, or on the pages of its article in order",
        ),
        Column(
            "page_id",
            _TEXT,
            "所在页面的编号；文章分页而已合并时，后面各页在 dropped 中",
            "id of its page; the later pages of an article over several stand in dropped",
        ),
        Column("text", _TEXT, "块的文字", "text of the block"),
        Column("role", _CLASS, "角色，十二类", "role, one of twelve"),
        Column("label", _CLASS, "粗类，五类，由角色决定", "coarse class, one of five, given by the role"),
        Column("score", pa.float32(), "角色的概率，0 至 1", "probability of the role, 0 to 1"),
        Column("origin", _CLASS, "角色出自人工、模型还是规则", "who gave the role: a person, the model or a rule"),
        Column(
            "dup_of",
            _INT,
            "文章重复出现时，相同内容首次出现的块序号",
            "index of the same block in an earlier copy of the article",
        ),
        Column("tag", _TEXT, "所在元素的路径；文本输入为空", "path of its elements; empty for text input"),
        Column("link_chars", _INT, "链接内的字数（码点）", "characters inside links (code points)"),
        Column("hidden", _BOOL, "标记要求不显示", "markup asks not to show it"),
    ),
)

NEAR_DUP_PAIRS = Config(
    "near_dup_pairs",
    "每行一对查重时判为相似的页面：副本，以及套话相同的不同新闻（template，难负例）",
    "one pair of pages a row that the search for duplicates found alike: copies, and different stories of one template "
    "(hard negatives)",
    ("left_id", "right_id"),
    (
        Column("left_id", _TEXT, "左页编号，在 articles 或 dropped 中", "page_id of the left, in articles or dropped"),
        Column("right_id", _TEXT, "右页编号，同上", "page_id of the right, likewise"),
        Column(
            "rule",
            _TEXT,
            "exact：文字相同（不计书名号以外的标点、大小写与繁简）；near：近重复；update：近重复而数字有改动；template：套话相同的不同新闻",
            "exact: the same but for case, script and punctuation other than 《》; near: nearly the same; update: the "
            "same with other numbers; template: two stories in the same words",
        ),
        *_MEASURES,
        Column(
            "numerals_changed",
            _INT,
            "上下文相同而不一致的汉字数字个数",
            "the same for numbers in Chinese characters",
        ),
        Column(
            "substituted",
            _INT,
            "上下文相同而文字不同的字数（码点，不计数字）",
            "characters where the other text has others between the same words (code points, numbers aside)",
        ),
        Column(
            "names_substituted",
            _INT,
            "其中不含常用词的字数，即专名",
            "of these, the ones where neither text has an ordinary word: names",
        ),
        Column("left_title", _TEXT, "左页标题", "headline of the left"),
        Column("right_title", _TEXT, "右页标题", "headline of the right"),
        Column("left_text", _TEXT, "左页正文", "running text of the left"),
        Column("right_text", _TEXT, "右页正文", "running text of the right"),
    ),
)

#: Every page or article left out, why, and what was kept instead. Holds no text of the page.
DROPPED = Config(
    "dropped",
    "每行一个未发布的页面及其原因，不含文字",
    "one page a row that was left out, with the reason; no text",
    ("source", "page_id", "reason"),
    (
        Column("page_id", _TEXT, "页面编号；无法读成页面时为空", "id of the page; null when the input gave none"),
        Column("source", _TEXT, "输入文件及其中位置", "file of the input, and the place in it"),
        Column("url", _TEXT, "网址", "address of the page"),
        Column("reason", _TEXT, "原因，形如“步骤:情形”", "reason, as step:what"),
        Column("detail", _TEXT, "一句说明，不含页面文字", "one sentence on it; no text of the page"),
        Column("cluster_id", _TEXT, "重复簇编号", "duplicate cluster"),
        Column("kept_id", _TEXT, "同簇中保留的文章编号", "article_id of what was kept instead"),
        Column(
            "compared_with",
            _TEXT,
            "近重复：据以判定的那一页的编号，保留的文章优先；以下五列即这次比较的结果",
            "near-duplicates: page_id of the page whose comparison decided, what was kept if the two were compared; "
            "the next five columns are of this comparison",
        ),
        Column(
            "rule",
            _TEXT,
            "near：近重复；update：近重复而数字有改动",
            "near, or update: a near-duplicate with other numbers",
        ),
        *_MEASURES,
    ),
    splits=(DROPPED_SPLIT,),
)

#: Every config, the default first.
CONFIGS = (
    ARTICLES,
    SENTENCES,
    TOKENS,
    BLOCKS,
    HEADLINE,
    SUMMARIZATION,
    CLASSIFICATION,
    NEAR_DUP_PAIRS,
    DROPPED,
)


def feature_of(name: str, kind: pa.DataType) -> Any:
    """
    One column in the words of `datasets`, lists in the old `[x]` form.

    The 5.x form (`_type: List`) does not load on datasets 2.21 and 3.6; the old form loads on all.
    """
    if pa.types.is_list(kind):
        return [feature_of(name, kind.value_type)]
    if pa.types.is_struct(kind):
        return {field.name: feature_of(field.name, field.type) for field in kind}
    if name in CLASS_NAMES and pa.types.is_integer(kind):
        return {"names": list(CLASS_NAMES[name]), "_type": "ClassLabel"}
    return {"dtype": "float32" if kind == pa.float32() else str(kind), "_type": "Value"}


def with_features(schema: pa.Schema) -> pa.Schema:
    """Return the schema with the `huggingface` metadata that gives `datasets` the class names."""
    features = {field.name: feature_of(field.name, field.type) for field in schema}
    return schema.with_metadata({"huggingface": json.dumps({"info": {"features": features}}, ensure_ascii=False)})
