#!/usr/bin/env python3
"""
Which edits join a story and which do not: the near-duplicate search on copies, updates and template twins of news.

    python tests/benchmarks/edits.py DOCS.parquet [--text text] [--each 200] [--seed 1]

Every text of DOCS is edited at most once. Prints, for each edit, the share of edited texts that fall into the cluster
of their original: of copies and updates all should, of twins none. A twin that differs by one name in a thousand
characters is told apart by nobody; the share says where the line is.
"""

import argparse
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import jieba.posseg
import pyarrow as pa
import pyarrow.parquet as pq

from builder.dedup.search import find_duplicates
from builder.dedup.settings import DedupSettings

Edit = Callable[[random.Random, str], str]

NUMERALS = "零一二三四五六七八九"
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢"
GIVEN = "伟芳敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建志宇浩欣怡梓轩雨泽佳琪思远嘉懿煜晓彤振邦少兰玉珍"
CITIES = "石家庄 太原 沈阳 长春 哈尔滨 苏州 宁波 芜湖 福州 南昌 洛阳 宜昌 珠海 桂林 绵阳 昆明 兰州 银川 徐州".split()  # noqa: SIM905
TITLE_WORDS = "山塘 灯火 渡口 春天 青石 远行 归途 茶园 河灯 秋水 纪事 长歌".split()  # noqa: SIM905
WORDS = {
    "表示": "说", "强调": "指出", "举行": "举办", "目前": "眼下", "此外": "另外", "但是": "不过", "因为": "由于",
    "已经": "已", "非常": "十分", "帮助": "协助", "解决": "化解", "问题": "难题", "今天": "今日", "上午": "早上",
    "重要": "重大", "发展": "进步", "提供": "给予", "组织": "安排", "要求": "提出", "工作": "任务", "增加": "增长",
}  # fmt: skip


def person(r: random.Random) -> str:
    """An invented name."""
    return r.choice(SURNAMES) + "".join(r.sample(GIVEN, r.randint(1, 2)))


def header(r: random.Random, text: str) -> str:
    """The text on another site."""
    day, name = f"{r.randint(1, 12)}月{r.randint(1, 28)}日", person(r)
    heads = (f"本报讯（记者{name}）", f"新华社{r.choice(CITIES)}{day}电（记者{name}、{person(r)}）", "据新华社电 ")
    return r.choice(heads) + text


def sentences(text: str) -> list[str]:
    """Sentences with their full stops."""
    return [part for part in re.split(r"(?<=[。！？\n])", text) if part.strip()]


def typos(share: float) -> Edit:
    """Characters replaced by others of the text."""
    return lambda r, text: "".join(r.choice(text) if "一" <= c <= "鿿" and r.random() < share else c for c in text)


def reword(r: random.Random, text: str) -> str:
    """Ordinary words for ordinary words."""
    for word, other in WORDS.items():
        text = text.replace(word, other) if r.random() < 0.6 else text
    return text


def numeral(match: re.Match[str]) -> str:
    """A number below a hundred in Chinese numerals."""
    tens, ones = divmod(int(match.group()), 10)
    if not tens:
        return NUMERALS[ones]
    return (NUMERALS[tens] if tens > 1 else "") + "十" + (NUMERALS[ones] if ones else "")


def digits(share: float) -> Edit:
    """Numbers replaced by others, in texts that have four or more."""

    def change(r: random.Random, text: str) -> str:
        other = lambda m: "".join(str((int(d) + r.randint(1, 9)) % 10) for d in m.group())  # noqa: E731
        if len(re.findall(r"\d+", text)) < 4:
            return text
        return re.sub(r"\d+", lambda m: other(m) if r.random() < share else m.group(), text)

    return change


def one_count(r: random.Random, text: str) -> str:
    """One count brought up to date."""
    counts = list(re.finditer(r"(?<![\d.])\d{1,5}(?=[名人死伤起户万辆例个])", text))
    if not counts:
        return text
    at = r.choice(counts)
    return text[: at.start()] + str(int(at.group()) + r.randint(1, 30)) + text[at.end() :]


def names(tag: str, pick: Callable[[random.Random], str]) -> Edit:
    """Every name of a kind replaced by another, the same one everywhere."""

    def change(r: random.Random, text: str) -> str:
        words = [(word.word, word.flag) for word in jieba.posseg.lcut(text)]
        other = {word: pick(r) for word, flag in dict.fromkeys(words) if flag == tag and len(word) > 1}
        return "".join(other.get(word, word) if flag == tag else word for word, flag in words)

    return change


def titles(r: random.Random, text: str) -> str:
    """Every title in 《》 replaced by another."""
    return re.sub(r"《[^》]{3,}》", lambda _: "《" + "".join(r.sample(TITLE_WORDS, 3)) + "》", text)


def ordinals(r: random.Random, text: str) -> str:
    """第三届 becomes 第七届."""
    return re.sub(r"(?<=第)[一二三四五六七八九十]+(?=[届次季批期轮])", lambda _: r.choice(NUMERALS[1:]), text)


def dates(r: random.Random, text: str) -> str:
    """Every day of a month replaced by another, where there are three or more."""
    if len(re.findall(r"\d月\d", text)) < 3:
        return text
    return re.sub(r"\d{1,2}月\d{1,2}(?=[日号])", lambda _: f"{r.randint(1, 12)}月{r.randint(1, 28)}", text)


EDITS: dict[str, dict[str, Edit]] = {
    "copy": {
        "header": header,
        "paragraphs merged": lambda _, text: text.replace("\n", ""),
        "a sentence a line": lambda _, text: "\n".join(sentences(text)),
        "no first sentence": lambda _, text: "".join(sentences(text)[1:]) if len(sentences(text)) > 4 else text,
        "sentences dropped": lambda r, text: "".join(s for s in sentences(text) if r.random() > 0.2),
        "first 40 %": lambda r, text: header(r, text[: max(100, int(len(text) * 0.4))]),
        "reworded": lambda r, text: header(r, reword(r, text)),
        "typos 1 %": typos(0.01),
        "typos 3 %": typos(0.03),
        "captions inside": lambda r, text: text.replace("\n", f"\n图为现场。{person(r)} 摄\n"),
        "numbers in Chinese": lambda _, text: re.sub(r"(?<![\d.])\d{1,2}(?![\d.])", numeral, text),
    },
    "update": {"one count": one_count},
    "twin": {
        "all numbers": digits(1),
        "70 % of numbers": digits(0.7),
        "dates": dates,
        "ordinals": ordinals,
        "persons": names("nr", person),
        "places": names("ns", lambda r: r.choice(CITIES)),
        "titles": titles,
    },
}


def edited(texts: Iterator[str], edit: Edit, r: random.Random, each: int) -> Iterator[tuple[str, str]]:
    """Texts with what the edit made of them, where it changed something."""
    for text in texts:
        other = edit(r, text)
        if each and other != text:
            each -= 1
            yield text, other
        if not each:
            return


def main() -> None:
    """Print a line an edit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("docs", type=Path)
    parser.add_argument("--text", default="text")
    parser.add_argument("--each", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    r = random.Random(args.seed)  # noqa: S311
    given = pq.read_table(args.docs, columns=[args.text])[args.text].to_pylist()
    given = [text for text in dict.fromkeys(given) if text and 120 <= len(text) <= 1500]
    r.shuffle(given)
    texts, pairs = iter(given), []
    for kind, edits in EDITS.items():
        for name, edit in edits.items():
            pairs += [(kind, name, pair) for pair in edited(texts, edit, r, args.each)]
    both = [text for _, _, pair in pairs for text in pair]
    table = pa.table({"id": range(len(both)), "text": both})
    clusters = find_duplicates(table, DedupSettings()).clusters["cluster_id"].to_pylist()
    joined: dict[tuple[str, str], list[bool]] = {}
    for place, (kind, name, _) in enumerate(pairs):
        joined.setdefault((kind, name), []).append(clusters[2 * place] == clusters[2 * place + 1])
    for (kind, name), together in joined.items():
        print(f"{kind:7} {name:20} {len(together):5} joined {sum(together) / len(together):.3f}")


if __name__ == "__main__":
    main()
