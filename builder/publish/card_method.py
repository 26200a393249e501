"""What the card says of how the data came to be: quality, splits, personal data, reproducing, limits, citation."""

from collections.abc import Mapping
from typing import Any

from builder.privacy import PLACEHOLDERS
from builder.publish.labels import KIND_MEANINGS
from builder.publish.markdown import Say, fenced, number, percentage, table

#: A role that scores below this on sites not seen is named among the known errors.
_WEAK = 0.8


def quality(say: Say, measured: Mapping[str, Any], stats: Mapping[str, Any], shown: Mapping[str, str]) -> str:
    """How right the labels are: F1 of each role on sites that the labeller had not seen."""
    html, dump = measured["html"], measured["dump"]
    rows = [
        (
            f"`{role}`",
            number(html["lines"][role]) if role in html["lines"] else "—",
            _figure(html, role),
            _figure(dump, role),
        )
        for role in html["line_f1"]
    ]
    by_person, total = stats["blocks"]["origins"]["gold"], sum(stats["blocks"]["origins"].values())
    pages, sites = number(measured["pages"]), number(measured["sites"])
    right, macro = f"{html['pages_right']:.1%}", f"{html['macro_f1']:.3f}"
    intervals = say("方括号内为 95% 区间（按页自助法）。", " In brackets the 95 % interval (bootstrap over pages).")
    return "\n\n".join(
        [
            f"## {say('标签质量', 'Label quality')}",
            say(
                f"标注模型在人工标注的 {sites} 个网站 {pages} 页上测评，每个网站都不在它所用的训练数据中。"
                f"HTML 输入：各角色 F1 平均 {macro}；标题、导语、正文都正确（字符 F1 ≥ 0.98）的页面占 {right}。"
                f"本数据集中由人工判定的块占 {percentage(by_person, total)}。",
                f"The labeller was measured on {pages} pages of {sites} sites labelled by people, each site "
                f"kept out of what it had learnt from. On HTML the mean F1 of the roles is {macro}; on {right} of the "
                "pages title, lede and body are all right (F1 by characters ≥ 0.98). "
                f"Of the blocks of this dataset, {percentage(by_person, total)} were judged by a person.",
            ),
            *([shown["quality"]] if "quality" in shown else []),
            say("F1 按行计。", "F1 by lines.") + (intervals if html["intervals"] else ""),
            table([say("角色", "role"), say("金标行数", "gold lines"), "HTML", say("文本", "text dump")], rows),
        ]
    )


def _figure(figures: Mapping[str, Any], role: str) -> str:
    if role not in figures["line_f1"]:
        return "—"
    ends = figures["intervals"].get(role)
    return f"{figures['line_f1'][role]:.3f}" + (f" [{ends[0]:.3f}, {ends[1]:.3f}]" if ends else "")


def splits(say: Say, manifest: Mapping[str, Any], stats: Mapping[str, Any]) -> str:
    """How articles were dealt out, and what keeps copies together."""
    total = stats["pages"]["published"]
    days = stats["split_days"]
    rows = [
        (
            f"`{split}`",
            number(n),
            percentage(n, total),
            f"{days[split]['first']} – {days[split]['last']}" if days[split]["first"] else "—",
            number(days[split]["undated"]),
        )
        for split, n in stats["rows"]["articles"].items()
    ]
    by_time = manifest.get("settings", {}).get("splits", {}).get("by") == "time"
    head = [say("划分", "split"), say("文章数", "articles"), say("占比", "share")]
    head += [say("发布日期", "published"), say("无日期", "undated")]
    parts = [
        f"## {say('划分与泄漏', 'Splits and leakage')}",
        _by_time(say, manifest["test_from"]) if by_time else _by_hash(say),
        table(head, rows),
    ]
    across = {kind: number(n) for kind, n in manifest["measured"]["across_splits"].items()}
    parts.append(
        say(
            "发布前另做一次检索（不同的散列，低于重复的门槛），所得的近重复归入同一划分；`zhnews verify` "
            "据发布的文件重做这一检索，有近重复分属不同划分即不通过。本版："
            f"近重复 {across['near_duplicates']} 对；套话相同的不同新闻 {across['templates']} 对、短讯与包含它的长文 "
            f"{across['briefs']} 对，不算泄漏。",
            "Before publishing, a second search (another hash, thresholds below those of duplicates) puts the "
            "near-duplicates that it finds into one split; `zhnews verify` makes it anew from the published files and "
            "fails on near-duplicates in two splits. Pairs in two splits here: near-duplicates "
            f"{across['near_duplicates']}; different stories of one template {across['templates']}, and briefs in a "
            f"much longer text {across['briefs']}, which are no leak.",
        )
    )
    if "benchmarks" in manifest:
        kept_out = [
            (
                f"`{file['name']}`",
                f"`{file['sha256'][:16]}`",
                number(file["items"]),
                number(file["short"]),
                number(stats["dropped"].get(f"decontaminate:{file['name']}", 0)),
            )
            for file in manifest["benchmarks"]
        ]
        n = manifest["benchmarks"][0]["n_chars"]
        columns = [say("题数", "items"), say("过短未查", "too short"), say("未发布的页面", "pages left out")]
        parts += [
            say(
                f"评测集去污染：与下列文件任一题连续 {n} 字（不计标点、繁简）相同的文章不发布，各划分均无。",
                f"Benchmarks kept out: an article that shares {n} letters in a row with an item (punctuation and "
                "script aside) is left out, of every split.",
            ),
            table([say("文件", "file"), "SHA-256", *columns], kept_out),
        ]
    if manifest["empty_splits"]:
        names = "、".join(f"`{s}`" for s in manifest["empty_splits"])
        parts.append(
            say(f"没有文章落入的划分不发布：{names}。", f"Left out, since no article fell into them: {names}.")
        )
    return "\n\n".join(parts)


def _by_hash(say: Say) -> str:
    return say(
        "划分由一组文章的散列决定：同簇、相近（低于重复门槛）或套话相同的文章为一组，同组不跨划分，后续版本中也不移动。"
        "各配置沿用文章的划分。",
        "A split is a hash of a group of articles: copies, texts nearly alike and stories of one template are one "
        "group, and no group is in two splits; later releases move nothing. "
        "All configs share the split of the article.",
    )


def _by_time(say: Say, test_from: str | None) -> str:
    first = test_from or say("（没有注明日期的文章，测试集从缺）", "(no article is dated, so there is no test)")
    return say(
        f"按时间划分：测试集是最新的文章，自 {first}（北京时间）起；训练集与验证集按散列划分，"
        "其中没有这一天及以后发布的文章。同簇或相近（低于重复门槛）的文章为一组，同组不跨划分，以其中最新的一页为准（含未发布的副本），"
        "因此测试集中可有少数更早的文章。无日期的文章归训练集。后续版本沿用这一天，已发布的不移动。各配置沿用文章的划分。",
        f"By time: the test is what is newest, from {first} on (China time). Train and validation, divided by a hash, "
        "hold no article published on that day or later. Copies and texts nearly alike are one group, no group is in "
        "two splits, and its newest page decides (copies left out included), so a test may hold a few older articles. "
        "Articles without a date are in train. Later releases keep that day and move nothing. "
        "All configs share the split of the article.",
    )


def privacy(say: Say, measured: Mapping[str, Any], counts: Mapping[str, Mapping[str, int]]) -> str:
    """What was masked, how often, and with what recall."""
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


def reproduce(say: Say, manifest: Mapping[str, Any]) -> str:
    """Commands and hashes that give the same bytes again."""
    pipeline, inputs = manifest["pipeline"], manifest["inputs"]
    rows = [
        (say("程序", "program"), f"{pipeline['name']} {pipeline['version']}"),
        (say("代码 SHA-256", "code, SHA-256"), f"`{pipeline['code_sha256']}`"),
        (say("输入 SHA-256", "inputs, SHA-256"), f"`{inputs['sha256']}` ({number(inputs['files'])})"),
        (say("设置 SHA-256", "settings, SHA-256"), f"`{manifest['settings_sha256']}`"),
        (say("软件包", "packages"), ", ".join(f"{name} {v}" for name, v in pipeline["packages"].items())),
    ]
    build = "zhnews build dataset.toml"
    if over := manifest.get("over"):
        build += f" --over out/{over['name']}-{over['version']}"
        text = f"{over['name']} {over['version']}, {say('内容', 'content')} `{over['logical_sha256']}`"
        rows.append((say("在此发布上增加", "adds to"), text))
    return "\n\n".join(
        [
            f"## {say('复现', 'Reproduce')}",
            fenced("sh", [build, f"zhnews verify out/{manifest['name']}-{manifest['version']}"]),
            table(["", ""], rows),
            say(
                "`manifest.json` 列出输入、设置与每个文件的两个散列：字节的，与内容的。",
                "`manifest.json` lists inputs, settings, and two hashes a file: of its bytes and of its content.",
            ),
        ]
    )


def uses(say: Say) -> str:
    """What it is for, and what it is not for."""
    good = [
        say("正文提取与页面分块（`blocks`）", "boilerplate removal and page segmentation (`blocks`)"),
        say("标题生成、摘要、频道分类", "headline generation, summarization, topic classification"),
        say("分句、分词（`sentences`、`tokens`）", "sentence and word segmentation (`sentences`, `tokens`)"),
        say(
            "近重复检测，`template` 对是难负例（`near_dup_pairs`）",
            "near-duplicate detection; pairs `template` are hard negatives (`near_dup_pairs`)",
        ),
    ]
    bad = [
        say("识别、追踪或画像个人", "identifying, tracking or profiling persons"),
        say("核实报道内容：文章是报道，不是事实", "as facts: an article is a report, and nothing here was checked"),
        say("代替原媒体向读者提供新闻", "in place of the outlets, to give news to readers"),
    ]
    return "\n\n".join(
        [
            f"## {say('用途', 'Uses')}",
            say("适合：", "Good for:"),
            "\n".join(f"- {use}" for use in good),
            say("不适合：", "Out of scope:"),
            "\n".join(f"- {use}" for use in bad),
        ]
    )


def limits(say: Say, measured: Mapping[str, Any]) -> str:
    """Biases and known errors."""
    found = measured["html"]["line_f1"]
    weak = "、".join(f"`{role}` {f1:.2f}" for role, f1 in sorted(found.items(), key=lambda i: i[1]) if f1 < _WEAK)
    limits = [
        say(
            "角色由程序判定（`origin` 不为 gold 时），会有错；`score` 可用于筛选。",
            "Where `origin` is not gold a program gave the role, and errs; `score` helps to filter.",
        ),
        *(
            [
                say(
                    f"最常判错的角色（F1）：{weak}。",
                    f"Roles that are most often wrong (F1): {weak.replace('、', ', ')}.",
                )
            ]
            if weak
            else []
        ),
        say(
            "媒体、地区与时段的分布取决于输入页面，不代表全部中文新闻；频道照录各媒体自己的叫法，未经统一。",
            "Outlets, regions and periods are those of the pages that went in, not of Chinese news as a whole; "
            "channels are each outlet's own words, not made uniform.",
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
    return "\n\n".join(
        [f"## {say('偏差与已知错误', 'Biases and known errors')}", "\n".join(f"- {limit}" for limit in limits)]
    )


def changes(say: Say, manifest: Mapping[str, Any], stats: Mapping[str, Any]) -> str:
    """The releases that this one was built over, the newest first, and what a reader of theirs finds changed."""
    pages, over = stats["pages"], manifest.get("over")
    rows = [(manifest["version"], number(pages["in"]), number(pages["published"]), "")]
    earlier = over
    while earlier:
        digest = f"`{earlier['logical_sha256'][:16]}`"
        rows.append((earlier["version"], number(earlier["pages"] or 0), number(earlier["articles"] or 0), digest))
        earlier = earlier.get("over")
    first = say("第一个版本。", "The first release.")
    before = f"{over['name']}-{over['version']}" if over else ""
    added = say(
        f"在 `{before}` 上增补：已发布的文章编号、重复簇与划分不变；逐行差异由 `zhnews diff` 给出。",
        f"Built over `{before}`: what was published keeps its id, cluster and split; `zhnews diff` gives every row "
        "that differs.",
    )
    head = [say("版本", "version"), say("页面", "pages"), say("文章", "articles"), say("内容散列", "content hash")]
    parts = [f"## {say('更新', 'Changes')}", added if over else first, *([table(head, rows)] if over else [])]
    return "\n\n".join(parts)


def citation(say: Say, manifest: Mapping[str, Any]) -> str:
    """BibTeX; whoever publishes the dataset adds authors and year in the human part."""
    pipeline = manifest["pipeline"]
    bibtex = [
        f"@misc{{{manifest['name']},",
        f"  title = {{{manifest['name']} {manifest['version']}}},",
        f"  note = {{Made by {pipeline['name']} {pipeline['version']}; "
        f"inputs SHA-256 {manifest['inputs']['sha256'][:16]}}}",
        "}",
    ]
    return "\n\n".join([f"## {say('引用', 'Citation')}", fenced("bibtex", bibtex)])
