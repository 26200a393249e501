"""
The dataset card, README.md: Chinese first, then the same in English.

Every number comes from `stats.json` and `manifest.json`; nothing is typed by hand. What only a person can say comes
from `data_cards/NAME.md`, whose Chinese and English halves are parted by a line `<!-- en -->`, and stands in the card
between marks, so that the card can be rendered again from the release alone.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from builder.privacy import PLACEHOLDERS
from builder.publish.configs import SPLITS
from builder.publish.features import CONFIGS
from builder.publish.frontmatter import front_matter
from builder.publish.labels import KIND_MEANINGS, LABEL_MEANINGS, ROLE_MEANINGS
from builder.publish.markdown import bars, bins, cell, fenced, number, percentage, periods, table, value
from builder.records import LABEL_OF

#: Picks one of two wordings: of the Chinese half of the card, or of the English.
Say = Callable[[str, str], str]

HALVES = "<!-- en -->"


def render(manifest: Mapping[str, Any], stats: Mapping[str, Any], human: str = "") -> str:
    """Return the whole card; `human` is the text of `data_cards/NAME.md`."""
    zh, _, en = human.partition(HALVES)
    title = f"# {manifest['name']} {manifest['version']}"
    chinese = _half(lambda zh, _: zh, zh, manifest, stats)
    english = _half(lambda _, en: en, en, manifest, stats)
    parts = [f"{title}\n\n[English](#english)", chinese, "# English", english]
    return front_matter(manifest, stats) + "\n" + "\n\n".join(parts) + "\n"


def human_part(readme: str) -> str:
    """Return the human part of a rendered card, as `render` takes it."""
    halves = dict(re.findall(r"^<!-- human (zh|en) -->\n(.*?)\n<!-- /human -->$", readme, re.DOTALL | re.MULTILINE))
    return f"{halves.get('zh', '')}\n{HALVES}\n{halves.get('en', '')}" if halves else ""


def _half(say: Say, human: str, manifest: Mapping[str, Any], stats: Mapping[str, Any]) -> str:
    sections = [
        _glance(say, manifest, stats),
        f"<!-- human {say('zh', 'en')} -->\n{human.strip()}\n<!-- /human -->" if human.strip() else "",
        _load(say, manifest, stats),
        _columns(say, stats),
        _labels(say, stats),
        _sources(say, stats),
        _funnel(say, stats),
        _duplicates(say, manifest, stats),
        _lengths(say, stats),
        _splits(say, manifest, stats),
        _privacy(say, manifest["measured"]["privacy"], stats["privacy"]),
        _reproduce(say, manifest),
        _limits(say),
    ]
    return "\n\n".join(section for section in sections if section)


def _glance(say: Say, manifest: Mapping[str, Any], stats: Mapping[str, Any]) -> str:
    rows, published = stats["rows"], stats["published"]
    configs = [
        (f"`{c.name}`", *(number(rows[c.name].get(split, 0)) for split in SPLITS), say(c.zh, c.en))
        for c in CONFIGS
        if c.splits == SPLITS and rows[c.name]
    ]
    facts = [
        (say("文章", "articles"), number(stats["pages"]["published"])),
        (say("正文字数（码点）", "characters of text (code points)"), number(stats["articles"]["chars"]["total"])),
        (say("句子", "sentences"), number(sum(rows["sentences"].values()))),
        (say("标明的来源媒体", "outlets stated"), number(stats["outlets"]["distinct"])),
        (say("发布时间", "published"), _span(say, published)),
        (say("许可", "licence"), f"`{manifest['licence']}`"),
        (say("语言", "language"), say("中文", "Chinese")),
        (say("字形", "script"), ", ".join(f"{name} {number(n)}" for name, n in stats["articles"]["scripts"].items())),
        (say("生成程序", "made by"), f"{manifest['pipeline']['name']} {manifest['pipeline']['version']}"),
    ]
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
            table(["", ""], facts),
            table([say("配置", "config"), *SPLITS, say("内容", "content")], configs),
        ]
    )


def _load(say: Say, manifest: Mapping[str, Any], stats: Mapping[str, Any]) -> str:
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
    pandas = ["import pandas as pd", "", f'sentences = pd.read_parquet("{folder}/sentences")']
    sample = stats["sample"]
    return "\n\n".join(
        [
            f"## {say('加载', 'Loading')}",
            say("在本文件夹的上一级目录运行：", "From the folder that holds this one:"),
            fenced("python", code),
            fenced("python", pandas),
            say("一行样例（长文截断）：", "A row (long texts cut):"),
            table([say("字段", "column"), say("值", "value")], [(f"`{k}`", value(v)) for k, v in sample.items()]),
        ]
    )


def _columns(say: Say, stats: Mapping[str, Any]) -> str:
    parts = [
        f"## {say('字段', 'Columns')}",
        say(
            "偏移与长度以 Unicode 码点计，左闭右开。页面没有给出的内容为空值或空列表。",
            "Offsets and lengths count Unicode code points, half-open. "
            "What a page does not give is null or an empty list.",
        ),
    ]
    for config in CONFIGS:
        if stats["rows"][config.name]:
            columns = [(f"`{c.name}`", f"`{c.type}`", say(c.zh, c.en)) for c in config.columns]
            parts.append(f"### `{config.name}`")
            parts.append(say(f"{config.zh}。", f"{config.en.capitalize()}."))
            parts.append(table([say("字段", "column"), say("类型", "type"), say("含义", "meaning")], columns))
    return "\n\n".join(parts)


def _labels(say: Say, stats: Mapping[str, Any]) -> str:
    counts, origins = stats["blocks"]["roles"], stats["blocks"]["origins"]
    total = sum(counts.values())
    roles = [
        (f"`{role}`", f"`{LABEL_OF[role]}`", say(*meaning), number(counts[role]), percentage(counts[role], total))
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
            table([say("角色", "role"), say("粗类", "label"), meaning, blocks, share], roles),
            table([say("粗类", "label"), meaning, blocks], labels),
            say("角色的出处：", "Who gave the roles: ")
            + say("，", ", ").join(f"`{origin}` {number(n)}" for origin, n in origins.items())
            + say("。", "."),
        ]
    )


def _sources(say: Say, stats: Mapping[str, Any]) -> str:
    n = stats["pages"]["published"]
    articles = say("文章数", "articles")
    parts = [
        f"## {say('来源与许可', 'Sources and licences')}",
        table([say("许可", "licence"), articles], [(f"`{k}`", number(v)) for k, v in stats["licences"].items()]),
    ]
    names = ((say("来源媒体", "outlet"), "outlets"), (say("频道", "category"), "categories"))
    for heading, key in names:
        if stats[key]["top"]:
            top = [(cell(name), number(k), percentage(k, n)) for name, k in stats[key]["top"].items()]
            parts.append(table([heading, articles, say("占比", "share")], top))
            if stats[key]["distinct"] > len(top):
                others = number(stats[key]["distinct"] - len(top))
                parts.append(say(f"其余 {others} 个从略。", f"{others} more are not listed."))
    return "\n\n".join(parts)


def _funnel(say: Say, stats: Mapping[str, Any]) -> str:
    pages = stats["pages"]
    rows = [
        (say("输入页面", "pages in"), number(pages["in"]), percentage(pages["in"], pages["in"])),
        *((f"− `{reason}`", number(n), percentage(n, pages["in"])) for reason, n in stats["dropped"].items()),
        (
            say("发布文章", "articles published"),
            number(pages["published"]),
            percentage(pages["published"], pages["in"]),
        ),
    ]
    parts = [f"## {say('漏斗', 'Funnel')}", table(["", say("页数", "pages"), say("占比", "share")], rows)]
    if pages["dropped"]:
        parts.append(
            say(
                "每个未发布的页面及其原因见配置 `dropped`。",
                "The config `dropped` lists every page left out, with its reason.",
            )
        )
    return "\n\n".join(parts)


def _duplicates(say: Say, manifest: Mapping[str, Any], stats: Mapping[str, Any]) -> str:
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
    none = say("没有相似页面对，配置 `near_dup_pairs` 从缺。", "No pairs: the config `near_dup_pairs` is left out.")
    return "\n\n".join(
        [
            f"## {say('重复', 'Duplicates')}",
            say(
                "同一篇文章的多个页面成为一簇，每簇发布一篇。",
                "Pages with the same article form a cluster; one article of each is published.",
            ),
            table([say("簇内页面数", "pages in the cluster"), say("簇数", "clusters")], rows),
            *(pairs if rules else [none]),
        ]
    )


def _lengths(say: Say, stats: Mapping[str, Any]) -> str:
    names = ["mean", "min", "p5", "p25", "median", "p75", "p95", "max"]
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
            table(["", *names], rows),
            bars(say("文章字数", "characters of an article"), n_articles, bins(stats["articles"]["histogram"])),
            bars(
                say("句子字数", "characters of a sentence"),
                say("句数", "sentences"),
                bins(stats["sentences"]["histogram"]),
            ),
            bars(say("发布月份", "month"), n_articles, periods(stats["published"]["months"])),
            table([say("有值的字段", "column with a value"), n_articles, share], filled),
        ]
    )


def _splits(say: Say, manifest: Mapping[str, Any], stats: Mapping[str, Any]) -> str:
    total = stats["pages"]["published"]
    rows = [(f"`{split}`", number(n), percentage(n, total)) for split, n in stats["rows"]["articles"].items()]
    parts = [
        f"## {say('划分', 'Splits')}",
        say(
            "划分由重复簇编号的散列决定：同簇不跨划分，后续版本中也不移动。各配置沿用文章的划分。",
            "A split is a hash of the duplicate cluster: no cluster is in two splits, and later releases move nothing. "
            "All configs share the split of the article.",
        ),
        table([say("划分", "split"), say("文章数", "articles"), say("占比", "share")], rows),
    ]
    if manifest["empty_splits"]:
        names = "、".join(f"`{s}`" for s in manifest["empty_splits"])
        parts.append(
            say(f"没有文章落入的划分不发布：{names}。", f"Left out, since no article fell into them: {names}.")
        )
    return "\n\n".join(parts)


def _privacy(say: Say, measured: Mapping[str, Any], counts: Mapping[str, Mapping[str, int]]) -> str:
    rows = [
        (
            f"`{PLACEHOLDERS[kind]}`",
            say(*KIND_MEANINGS[kind]),
            number(counts["text"][kind]),
            number(counts["blocks"][kind]),
            f"{score['recall']:.3f} / {score['precision']:.3f} ({score['n']})",
        )
        for kind, score in measured["kinds"].items()
    ]
    head = [
        say("占位符", "placeholder"),
        say("种类", "kind"),
        say("text 中", "in text"),
        say("各块中", "in blocks"),
        say("召回 / 精确（用例数）", "recall / precision (cases)"),
    ]
    return "\n\n".join(
        [
            f"## {say('个人信息', 'Personal data')}",
            say(
                "联系方式与证件号码在生成任何表之前换成占位符，原值不写入任何地方；新闻中的人名保留。"
                f"召回与精确率在 {measured['lines']} 行自拟用例上测得，真实页面上会低一些。",
                "Ways to reach or identify a person are replaced by placeholders before any table is written; "
                "their values are written nowhere. Names of persons in the news stay. Recall and precision were "
                f"measured on {measured['lines']} written lines; on real pages they are somewhat lower.",
            ),
            table(head, rows),
        ]
    )


def _reproduce(say: Say, manifest: Mapping[str, Any]) -> str:
    pipeline, inputs = manifest["pipeline"], manifest["inputs"]
    rows = [
        (say("程序", "program"), f"{pipeline['name']} {pipeline['version']}"),
        (say("代码 SHA-256", "code, SHA-256"), f"`{pipeline['code_sha256']}`"),
        (say("输入 SHA-256", "inputs, SHA-256"), f"`{inputs['sha256']}` ({number(inputs['files'])})"),
        (say("设置 SHA-256", "settings, SHA-256"), f"`{manifest['settings_sha256']}`"),
        (say("软件包", "packages"), ", ".join(f"{name} {v}" for name, v in pipeline["packages"].items())),
    ]
    return "\n\n".join(
        [
            f"## {say('复现', 'Reproduce')}",
            fenced("sh", ["zhnews build dataset.toml", f"zhnews verify out/{manifest['name']}-{manifest['version']}"]),
            table(["", ""], rows),
            say(
                "`manifest.json` 列出输入、设置与每个文件的两个散列：字节的，与内容的。",
                "`manifest.json` lists inputs, settings, and two hashes a file: of its bytes and of its content.",
            ),
        ]
    )


def _limits(say: Say) -> str:
    limits = [
        say(
            "角色由程序判定（`origin` 不为 gold 时），会有错；`score` 可用于筛选。",
            "Where `origin` is not gold a program gave the role, and errs; `score` helps to filter.",
        ),
        say(
            "页面未写明时区时按北京时间处理，见 `published_zone`。",
            "Times without an offset are read as China time, see `published_zone`.",
        ),
        say(
            "新闻文字的权利属于各自的发布者；许可一栏是发布本数据集的人所声明的。",
            "News texts belong to their publishers; the licence is what the publisher of this dataset states.",
        ),
    ]
    return "\n\n".join([f"## {say('已知局限', 'Known limits')}", "\n".join(f"- {limit}" for limit in limits)])


def _span(say: Say, published: Mapping[str, Any]) -> str:
    if published["first"] is None:
        return say("未知", "unknown")
    return f"{published['first'][:10]} – {published['last'][:10]}"
