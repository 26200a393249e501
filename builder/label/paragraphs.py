"""
The run of running text, line by line: lede, paragraphs, subheads, captions, and what was put between.
"""

import re

from builder.label.headline import heading_level
from builder.label.lines import Line
from builder.label.sheet import Sheet, Verdict
from builder.records import Block

DASHED = re.compile(r"^(?:——|--|—)")
ORIGINAL_TITLE = re.compile(r"^[【（(\s]*原(?:标题|標題|题)\s*[:：]")
CAPTION_ELEMENT = re.compile(
    r"figcaption|caption|[.#-]pic_?(?:desc|info|txt)|img_?(?:desc|info|txt|title)|photo_?(?:desc|info)"
)
_SECTION = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[）)]|第[一二三四五六七八九十]+[章节部]"
    r"|0?\d{1,2}$|PART\s?\d|【[^】]{2,14}】$|[■◆●▍]\s?\S)"
)
#: Counter of a picture story, 2/15.
_COUNTER = re.compile(r"^\d{1,2}\s?/\s?\d{1,2}$")
_HAN = re.compile("[\u3400-\u9fff]")
#: A subhead may ask; then only long paragraphs on both sides tell it from talk.
_QUESTION = re.compile(r"^[^。，；：“”]{4,24}[？！]$")
_LONG = 2.2
_BROKEN_OFF = ("，", ",", "；", ";", "。", "、")


def label_paragraphs(sheet: Sheet, first: int, last: int) -> None:
    """Label the lines from `first` to `last`."""
    lines = sheet.lines
    final = max((i for i in range(first, last + 1) if lines[i].prose >= 1 and not lines[i].special), default=last)
    ledes_due = 1
    in_list = False
    for i in range(first, last + 1):
        line = lines[i]
        after = lines[i + 1] if i < last else None
        in_list = line.heading or (in_list and (line.prose < 1 or line.link >= 0.7))
        verdict = _put_between(sheet.blocks[i], line, in_list, i > final, i == last)
        if verdict is None and i > first and _continues(lines[i - 1], line):
            verdict = sheet.verdicts[i - 1]
        if verdict is None and ledes_due:
            verdict = _opening(sheet.blocks[i], line, after, i == first)
            if line.abstract and line.n <= 8:
                ledes_due = 2  # 核心提示 on a line of its own: the summary and the first paragraph follow
            elif verdict[0] == "lede" and not line.abstract:
                ledes_due -= 1
        elif verdict is None:
            verdict = ("subhead", 0.7) if is_subhead(sheet.blocks[i], line, lines[i - 1], after) else _paragraph(line)
        sheet.give(i, *verdict)


def _continues(above: Line, line: Line) -> bool:
    """A paragraph cut in the middle of a sentence, or into lines of equal length as in newspapers' dumps: one role."""
    if above.prose > 0 and above.text.endswith(("，", "、", ",")):
        return line.prose > 0 and not above.special
    return abs(above.n - line.n) <= 8 and 0 < above.prose < 1 and above.n >= 20 and line.prose > 0


def _put_between(block: Block, line: Line, in_list: bool, after_text: bool, at_end: bool) -> Verdict | None:
    """Role of what is no running text but stands in it: pictures, lists of other stories, notices, tools, credits."""
    if ORIGINAL_TITLE.match(line.text):
        return "credit", 0.9
    if (line.caption and line.prose < 4) or (line.n <= 120 and CAPTION_ELEMENT.search(block.tag)):
        return "caption", 0.85
    if line.notice and (line.notices or at_end):
        return "notice", 0.7
    if in_list or (line.link > 0.7 and line.n >= 8) or (line.prose < 2 and line.text.endswith((">>", "＞＞", "→"))):
        return "related", 0.6
    if after_text and (line.credit or line.byline):
        return "credit", 0.8
    if (line.nav and line.n <= 12) or _COUNTER.match(line.text):
        return "nav", 0.6
    return None


def _opening(block: Block, line: Line, after: Line | None, at_top: bool) -> Verdict:
    """Role of a line while the lede is due."""
    if line.abstract:
        return "lede", 0.8
    if line.publication or line.byline:
        return "meta", 0.7
    if at_top and after and not after.special and is_subhead(block, line, None, after):
        return "subhead", 0.5
    if line.prose < 1 and 8 <= line.n <= 40 and after and after.prose >= 2:
        return "caption", 0.5
    return "lede", 0.9 if line.prose >= 2 else 0.6


def _paragraph(line: Line) -> Verdict:
    return "body", 0.97 if line.prose >= 2 else 0.75


def is_subhead(block: Block, line: Line, above: Line | None, after: Line | None) -> bool:
    """A short line without a stop that a paragraph follows, a numbered one, or a heading element."""
    if heading_level(block.tag) and line.n <= 40:
        return True
    if _SECTION.match(line.text) and line.n <= 24 and "，" not in line.text:
        return True
    if _QUESTION.match(line.text):
        return above is not None and after is not None and min(above.prose, after.prose) >= _LONG
    if line.n > 32 or line.prose >= 1 or after is None or DASHED.match(line.text) or not _HAN.search(line.text):
        return False
    if line.text.endswith(("：", ":")):
        return line.n <= 5
    if line.text.endswith(_BROKEN_OFF):
        return False
    return after.prose >= 1 or after.caption or block.tag.endswith(("/strong", "/b"))
