"""What the card says of the data: sections from the glance to the statistics, in one language each."""

from collections.abc import Mapping
from typing import Any

from builder.publish.configs import SPLITS
from builder.publish.features import CONFIGS, DROPPED
from builder.publish.labels import LABEL_MEANINGS, NOT_THE_ROLE, ROLE_MEANINGS
from builder.publish.markdown import Say, cell, fenced, number, percentage, table, value
from builder.publish.reasons import meaning
from builder.records import LABEL_OF

#: A picture by its name, as Markdown; absent where there are no numbers for it.
Shown = Mapping[str, str]


def glance(say: Say, manifest: Mapping[str, Any], stats: Mapping[str, Any]) -> str:
    """What it is, in numbers; the configs with their rows."""
    rows = stats["rows"]
    configs = [
        (f"`{c.name}`", *(number(rows[c.name].get(split, 0)) for split in SPLITS), say(c.zh, c.en))
        for c in CONFIGS
        if c.splits == SPLITS and rows[c.name]
    ]
    left_out = number(sum(rows["dropped"].values()))
    n_pages, n_articles = number(stats["pages"]["in"]), number(stats["pages"]["published"])
    lead = say(
        f"由 {n_pages} 个中文新闻页面得到 {n_articles} 篇去重文章，逐句切分，并给出页面每一行的角色。",
        f"{n_articles} deduplicated articles from {n_pages} Chinese news pages, cut into sentences, "
        "with the role of every line of their pages.",
    )
    return "\n\n".join(
        [
            f"## {say('一览', 'At a glance')}",
            lead,
            table(["", ""], facts(say, manifest, stats)),
            table([say("配置", "config"), *SPLITS, say("内容", "content")], configs),
            *(
                [
                    say(
                        f"另有 `dropped`（{left_out} 行）：{DROPPED.zh}。",
                        f"And `dropped`, {left_out} rows: {DROPPED.en}.",
                    )
                ]
                if sum(rows["dropped"].values())
                else []
            ),
        ]
    )


def facts(say: Say, manifest: Mapping[str, Any], stats: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a reader asks first, each with its name."""
    rows, published = stats["rows"], stats["published"]
    return [
        (say("文章", "articles"), number(stats["pages"]["published"])),
        (say("正文字数（码点）", "characters of text (code points)"), number(stats["articles"]["chars"]["total"])),
        (say("句子", "sentences"), number(sum(rows["sentences"].values()))),
        (say("标明的来源媒体", "outlets stated"), number(stats["outlets"]["distinct"])),
        (say("发布时间", "published"), _span(say, published)),
        (say("许可", "licence"), f"`{manifest['licence']}`"),
        (say("语言", "language"), say("中文", "Chinese")),
        (say("字形", "script"), ", ".join(f"`{name}` {number(n)}" for name, n in stats["articles"]["scripts"].items())),
        (say("生成程序", "made by"), f"{manifest['pipeline']['name']} {manifest['pipeline']['version']}"),
    ]


def load(say: Say, manifest: Mapping[str, Any], stats: Mapping[str, Any]) -> str:
    """Code that loads it, which a test runs, and sample rows."""
    folder = f"{manifest['name']}-{manifest['version']}"
    split = next(split for split in SPLITS if split in stats["rows"]["articles"])
    code = [
        "from datasets import load_dataset",
        "",
        f'articles = load_dataset("{folder}", split="{split}")',
        f'blocks = load_dataset("{folder}", "blocks", split="{split}", streaming=True)',
        'role = blocks.features["role"]',
        'print(articles[0]["title"], role.int2str(next(iter(blocks))["role"]))',
    ]
    pandas = [
        "import pandas as pd",
        "",
        'origin = ["article_id", "url", "licence", "cluster_id"]',
        f'origin = pd.read_parquet("{folder}/articles", columns=origin)',
        f'sentences = pd.read_parquet("{folder}/sentences").merge(origin, on="article_id")',
    ]
    samples = stats["samples"]
    rows = [table([say("字段", "column"), say("值", "value")], _fields(sample)) for sample in samples["articles"]]
    return "\n\n".join(
        [
            f"## {say('加载', 'Loading')}",
            say("在本文件夹的上一级目录运行：", "From the folder that holds this one:"),
            fenced("python", code),
            fenced("python", pandas),
            say(
                f"样例（以种子 `{samples['seed']}` 抽取，长文截断）：",
                f"Sample rows (drawn with the seed `{samples['seed']}`, long texts cut):",
            ),
            *rows,
        ]
    )


def _fields(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(f"`{name}`", value(content)) for name, content in row.items()]


def columns(say: Say, stats: Mapping[str, Any]) -> str:
    """Every column of every config that has rows, with its type, unit and meaning."""
    parts = [
        f"## {say('字段', 'Columns')}",
        say(
            "偏移与长度以 Unicode 码点计，左闭右开。页面没有给出的内容为空值或空列表。",
            "Offsets and lengths count Unicode code points, half-open. "
            "What a page does not give is null or an empty list.",
        ),
        say(
            "出处的各列（网址、来源媒体、输入文件、抓取时间、许可、爬虫指令与文本挖掘声明、散列、重复簇、程序版本）在 "
            "`articles`、`headline`、`summarization` 和 `classification` 中逐行给出；`sentences`、`tokens`、`blocks` "
            "的行凭 `article_id` 查得，同一文章的行在各配置中同属一个划分、同一编号的文件。",
            "Provenance (address, outlet, file of the input, time of the fetch, licence, what the page asks of robots "
            "and of text mining, hashes, cluster, version of the program) stands in every row of `articles`, "
            "`headline`, `summarization` and `classification`; rows of `sentences`, `tokens` and `blocks` find it by "
            "`article_id`, and all rows of an article are in one split, in files of one number.",
        ),
    ]
    for config in CONFIGS:
        if stats["rows"][config.name]:
            columns = [(f"`{c.name}`", f"`{c.type}`", say(c.zh, c.en)) for c in config.columns]
            parts.append(f"### `{config.name}`")
            parts.append(say(f"{config.zh}。", f"{config.en.capitalize()}."))
            parts.append(table([say("字段", "column"), say("类型", "type"), say("含义", "meaning")], columns))
    return "\n\n".join(parts)


def labels(say: Say, stats: Mapping[str, Any], shown: Shown) -> str:
    """The roles with what they are not, the coarse labels, how many blocks have each, and who said so."""
    counts, origins = stats["blocks"]["roles"], stats["blocks"]["origins"]
    total = sum(counts.values())
    roles = [
        (
            f"`{role}`",
            f"`{LABEL_OF[role]}`",
            say(*meaning),
            say(*NOT_THE_ROLE[role]),
            number(counts[role]),
            percentage(counts[role], total),
        )
        for role, meaning in ROLE_MEANINGS.items()
    ]
    labels = [
        (f"`{label}`", say(*meaning), number(stats["blocks"]["labels"][label]))
        for label, meaning in LABEL_MEANINGS.items()
    ]
    blocks, share, meaning = say("块数", "blocks"), say("占比", "share"), say("含义", "meaning")
    return "\n\n".join(
        [
            f"## {say('标签', 'Labels')}",
            say(
                "页面的每一行可见文字是一个块，各有一个角色；角色归为五个粗类。",
                "Every visible line of a page is a block with one role; the roles fall into five coarse labels.",
            ),
            table([say("角色", "role"), say("粗类", "label"), meaning, say("不是", "not"), blocks, share], roles),
            shown["roles"],
            table([say("粗类", "label"), meaning, blocks], labels),
            say("角色的出处：", "Who gave the roles: ")
            + say("，", ", ").join(f"`{origin}` {number(n)}" for origin, n in origins.items())
            + say("。", "."),
        ]
    )


def sources(say: Say, stats: Mapping[str, Any], shown: Shown) -> str:
    """Licences, outlets and channels, by number of articles."""
    n = stats["pages"]["published"]
    articles = say("文章数", "articles")
    parts = [
        f"## {say('来源与许可', 'Sources and licences')}",
        table([say("许可", "licence"), articles], [(f"`{k}`", number(v)) for k, v in stats["licences"].items()]),
        *rights(say, stats),
        shown.get("outlets", ""),
    ]
    names = ((say("来源媒体", "outlet"), "outlets"), (say("频道", "category"), "categories"))
    for heading, key in names:
        if stats[key]["top"]:
            top = [(cell(name), number(k), percentage(k, n)) for name, k in stats[key]["top"].items()]
            parts.append(table([heading, articles, say("占比", "share")], top))
            if stats[key]["distinct"] > len(top):
                others = number(stats[key]["distinct"] - len(top))
                parts.append(say(f"其余 {others} 个从略。", f"{others} more are not listed."))
    return "\n\n".join(part for part in parts if part)


def rights(say: Say, stats: Mapping[str, Any]) -> list[str]:
    """What the pages ask of machines, by number of articles."""
    told, filled = stats["rights"], stats["articles"]["filled"]
    rows = [
        *((f"`robots`: {cell(directive)}", number(n)) for directive, n in told["robots"].items()),
        ("`tdm_reservation`: true", number(told["reserved"])),
        ("`tdm_reservation`: false", number(told["not_reserved"])),
    ]
    n_robots, n_reserved = number(filled["robots"]), number(filled["tdm_reservation"])
    lead = say(
        f"页面自己写有爬虫指令的：{n_robots} 篇；写明是否保留文本与数据挖掘权利的：{n_reserved} 篇。"
        "没有写不等于许可；站点的 robots.txt 与 tdmrep.json 未读。",
        f"Articles whose page states directives for robots: {n_robots}; whether text and data mining is reserved: "
        f"{n_reserved}. A page that states nothing permits nothing by that; the site's robots.txt and tdmrep.json "
        "were not read.",
    )
    stated = filled["robots"] or filled["tdm_reservation"]
    return [lead, *([table([say("页面所写", "stated"), say("文章数", "articles")], rows)] if stated else [])]


def funnel(say: Say, stats: Mapping[str, Any], shown: Shown) -> str:
    """Pages in, what was left out for each reason with an example, articles published."""
    pages = stats["pages"]
    rows = [
        (say("输入页面", "pages in"), "", number(pages["in"]), percentage(pages["in"], pages["in"])),
        *(
            (f"− `{reason}`", meaning(say, reason), number(n), percentage(n, pages["in"]))
            for reason, n in stats["dropped"].items()
        ),
        (
            say("发布文章", "articles published"),
            "",
            number(pages["published"]),
            percentage(pages["published"], pages["in"]),
        ),
    ]
    parts = [
        f"## {say('漏斗', 'Funnel')}",
        shown["funnel"],
        table(["", say("原因", "reason"), say("页数", "pages"), say("占比", "share")], rows),
    ]
    if pages["dropped"]:
        parts.append(
            say(
                "每个未发布的页面及其原因见配置 `dropped`。",
                "The config `dropped` lists every page left out, with its reason.",
            )
        )
        examples = [
            (f"`{reason}`", value(row["source"]), value(row["detail"]))
            for reason, row in stats["samples"]["dropped"].items()
        ]
        head = [say("原因", "reason"), say("例：来源", "example: source"), say("说明", "in words")]
        parts.append(table(head, examples))
    return "\n\n".join(parts)


def duplicates(say: Say, manifest: Mapping[str, Any], stats: Mapping[str, Any], shown: Shown) -> str:
    """Clusters by size, pairs by rule."""
    rows = [(size, number(n)) for size, n in stats["clusters"]["sizes"].items()]
    rules = [(f"`{rule}`", number(n)) for rule, n in stats["near_dup_pairs"]["rules"].items()]
    across = number(manifest["counts"].get("pairs_across_splits", 0))
    pairs = [
        say(
            f"配置 `near_dup_pairs` 列出查重比较过的相似页面对；两页分属不同划分的 {across} 对不收。",
            "The config `near_dup_pairs` lists the pairs that the search found alike; "
            f"left out: {across} pairs whose pages stand in two splits.",
        ),
        table([say("判定", "rule"), say("对数", "pairs")], rules),
    ]
    repeated = stats["repeated_paragraphs"]
    often = [
        say(
            f"{number(repeated['distinct'])} 个段落见于三篇以上文章（套话或多家引用的原话），保留不删，见字段 "
            "`paragraph_articles`。",
            f"{number(repeated['distinct'])} paragraphs stand in three articles or more (boilerplate, or statements "
            "that many quote); they are kept, and the column `paragraph_articles` tells them.",
        ),
        table(
            [say("段落", "paragraph"), say("文章数", "articles")],
            [(cell(entry["text"]), number(entry["articles"])) for entry in repeated["top"][:5]],
        ),
    ]
    none = say("没有相似页面对，配置 `near_dup_pairs` 从缺。", "No pairs: the config `near_dup_pairs` is left out.")
    return "\n\n".join(
        [
            f"## {say('重复', 'Duplicates')}",
            say(
                "同一篇文章的多个页面成为一簇，每簇发布一篇。",
                "Pages with the same article form a cluster; one article of each is published.",
            ),
            table([say("簇内页面数", "pages in the cluster"), say("簇数", "clusters")], rows),
            *([shown["clusters"]] if "clusters" in shown else []),
            *(pairs if rules else [none]),
            *(often if repeated["top"] else []),
        ]
    )


def lengths(say: Say, stats: Mapping[str, Any], shown: Shown) -> str:
    """Lengths of articles and sentences, months, columns that have a value."""
    names = ["mean", "min", "p5", "p25", "median", "p75", "p95", "max"]
    shown_as = {
        "mean": say("平均", "mean"),
        "min": say("最小", "min"),
        "median": say("中位数", "median"),
        "max": say("最大", "max"),
    }
    rows = [
        (heading, *(f"{stats[key][what][name]:,}" for name in names))
        for heading, key, what in (
            (say("每篇字数", "characters an article"), "articles", "chars"),
            (say("每篇段数", "paragraphs an article"), "articles", "paragraphs"),
            (say("每句字数", "characters a sentence"), "sentences", "chars"),
        )
    ]
    filled = [
        (f"`{name}`", number(n), percentage(n, stats["pages"]["published"]))
        for name, n in stats["articles"]["filled"].items()
    ]
    n_articles, share = say("文章数", "articles"), say("占比", "share")
    return "\n\n".join(
        [
            f"## {say('统计', 'Statistics')}",
            table(["", *(shown_as.get(name, name) for name in names)], rows),
            *(shown[name] for name in ("lengths", "sentences", "months") if name in shown),
            table([say("有值的字段", "column with a value"), n_articles, share], filled),
        ]
    )


def _span(say: Say, published: Mapping[str, Any]) -> str:
    if published["first"] is None:
        return say("未知", "unknown")
    return f"{published['first'][:10]} – {published['last'][:10]}"


def learning(say: Say, stats: Mapping[str, Any]) -> str:
    """The configs that pair an input with an answer: which articles are not in, and the measures of the summaries."""
    told = stats["learning"]
    rows = [
        (
            f"`{name}`",
            number(sum(stats["rows"][name].values())),
            say("；", "; ").join(
                f"`{reason}` {number(n)}{say('（', ' (')}{meaning(say, reason)}{say('）', ')')}"
                for reason, n in found["left_out"].items()
            )
            or "—",
        )
        for name, found in told.items()
    ]
    summaries = told["summarization"]
    measures = [
        (f"`{name}`", *(f"{figure:.3f}" for figure in figures.values()))
        for name, figures in summaries["measures"].items()
        if figures
    ]
    kinds = say("，", ", ").join(f"`{kind}` {number(n)}" for kind, n in summaries["kinds"].items())
    summary_origins = say("，", ", ").join(f"`{name}` {number(n)}" for name, n in summaries["origins"].items())
    flagged, in_text = number(summaries["summary_in_document"]), number(told["headline"]["title_in_text"])
    origins = say("，", ", ").join(f"`{name}` {number(n)}" for name, n in told["classification"]["origins"].items())
    lines = [
        (say("摘要的种类", "kinds of summary"), kinds),
        (say("摘要的出处", "where the summary stands"), summary_origins),
        (say("摘要在文档中逐字出现", "summary stands in the document"), flagged),
        (say("标题在正文中逐字出现", "title stands in the text"), in_text),
        (say("频道的出处", "where the channel is stated"), origins),
    ]
    return "\n\n".join(
        [
            f"## {say('学习任务', 'Learning tasks')}",
            say(
                "`headline`、`summarization`、`classification` 由 `articles` 的行得出；没有收入的文章及原因：",
                "`headline`, `summarization` and `classification` are made of rows of `articles`; "
                "which articles are left out, and why:",
            ),
            table([say("配置", "config"), say("行数", "rows"), say("未收入", "left out")], rows),
            table(["", ""], [(name, text or "—") for name, text in lines]),
            *(
                [
                    say(
                        "摘要的度量按非空白字符计（Grusky 等 2018）；两篇中文文本总会共有许多单字，"
                        "`density` 与 `novelty_2` 更说明问题。",
                        "Measures of the summaries count characters that are not white space (Grusky et al. 2018); "
                        "any two Chinese texts share many single characters, so `density` and `novelty_2` tell more.",
                    ),
                    table(["", say("平均", "mean"), "p25", say("中位数", "median"), "p75"], measures),
                ]
                if measures
                else []
            ),
        ]
    )
