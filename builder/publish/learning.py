"""The configs that pair an input with what a model is to make of it: headline, summarization, classification."""

import pyarrow as pa

from builder.publish.configs import ARTICLE_ID, PROVENANCE, Column, Config

_TEXT, _INT, _RATIO = pa.string(), pa.int32(), pa.float32()

HEADLINE = Config(
    "headline",
    "每行一个“正文 → 标题”样本",
    "one pair a row for headline generation: text → title",
    ("article_id",),
    (
        ARTICLE_ID,
        Column(
            "text",
            _TEXT,
            "正文，去掉与标题相同的段落和段首的【标题】",
            "the running text without paragraphs that repeat the title and without 【title】 before a paragraph",
        ),
        Column("title", _TEXT, "标题，即要生成的内容", "the headline: what is to be written"),
        Column("n_chars", _INT, "text 的长度（码点）", "length of text (code points)"),
        Column(
            "title_in_text",
            pa.bool_(),
            "标题仍逐字出现在 text 中（不计标点与大小写）",
            "the title still stands in text word for word (but for punctuation and case)",
        ),
        *PROVENANCE,
    ),
)

SUMMARIZATION = Config(
    "summarization",
    "每行一个“文档 → 摘要”样本，摘要是导语或页面写明的提要",
    "one pair a row for summarization: document → the lede, or the summary that the page states",
    ("article_id",),
    (
        ARTICLE_ID,
        Column(
            "document",
            _TEXT,
            "正文去掉摘要所在的段，每段一行；摘要出自网页头部时为全部正文",
            "the running text without the paragraph of the summary, a paragraph a line; all of it when the summary is "
            "from the head",
        ),
        Column(
            "summary",
            _TEXT,
            "摘要，不含电头与“核心提示：”一类的引语",
            "the summary without dateline or a mark such as 核心提示：",
        ),
        Column(
            "kind",
            _TEXT,
            "lede：导语；stated：页面写明的提要、摘要",
            "lede: the first paragraph; stated: what the page itself calls a summary",
        ),
        Column(
            "summary_origin",
            _TEXT,
            "摘要出自正文（text）还是网页头部的简介（head）：等于文章的 text[start:end] 或 description[start:end]",
            "where the page states it, in its text (text) or in the description of its head (head): it is "
            "text[start:end] or description[start:end] of its article",
        ),
        Column(
            "start",
            _INT,
            "摘要在文章 text 或 description 中的起点（码点）",
            "start in the article's text or description (code points)",
        ),
        Column("end", _INT, "终点，不含（码点）", "end, exclusive (code points)"),
        Column(
            "coverage",
            _RATIO,
            "摘要中属于抽取片段的字符占比，0 至 1（Grusky 等 2018，按非空白字符计，而非词）",
            "share of the summary's characters in extractive fragments, 0 to 1 (Grusky et al. 2018, "
            "over characters that are not white space, not over words)",
        ),
        Column(
            "density",
            _RATIO,
            "抽取片段长度平方和除以摘要长度（同上，按字符）",
            "sum of the squared lengths of those fragments over the length of the summary (the same, in characters)",
        ),
        Column(
            "compression",
            _RATIO,
            "文档长度与摘要长度之比（非空白字符）",
            "length of the document over that of the summary (characters that are not white space)",
        ),
        *(
            Column(
                f"novelty_{n}",
                _RATIO,
                f"摘要中不同的 {n} 字片段里，文档没有的占比，0 至 1；摘要不足 {n} 字时为空",
                f"share of the summary's distinct runs of {n} character{'s' if n > 1 else ''} that the document lacks, "
                f"0 to 1; null when the summary is shorter",
            )
            for n in (1, 2, 3, 4)
        ),
        Column(
            "summary_in_document",
            pa.bool_(),
            "摘要逐字出现在 document 中（不计标点与大小写）",
            "the summary stands in the document word for word (but for punctuation and case)",
        ),
        *PROVENANCE,
    ),
)

CLASSIFICATION = Config(
    "classification",
    "每行一个“标题与正文 → 频道”样本，频道由页面自己标明",
    "one pair a row for topic classification: title and text → the channel that the page itself states",
    ("article_id",),
    (
        ARTICLE_ID,
        Column("title", _TEXT, "标题", "headline"),
        Column("text", _TEXT, "正文", "the running text"),
        Column(
            "category",
            _TEXT,
            "页面标明的频道，照录；各媒体的频道体系不同",
            "the channel as the page writes it; each outlet has channels of its own",
        ),
        Column(
            "category_origin",
            _TEXT,
            "频道出自面包屑（breadcrumb）、来源行（publication-line）还是网页头部（head）",
            "where the page states it: breadcrumb, publication-line or head",
        ),
        *PROVENANCE,
    ),
)
