"""
The run of running text, line by line: lede, paragraphs, subheads, captions, and what was put between.
"""

import re
from collections.abc import Sequence

from builder.label.elements import heading_level, in_caption_element, last_elements
from builder.label.headline import HAN
from builder.label.lines import Line
from builder.label.sheet import Sheet, Verdict
from builder.records import Block

DASHED = re.compile(r"^(?:——|--|—)")
ORIGINAL_TITLE = re.compile(
    r"^[【（(\s]*(?:本文|文章)?(?:原(?:文)?(?:标题|標題)|原题|原題)\s*(?:[:：]|[为為是]?\s*[“《「])"
)
#: A summary box before the text.
_SUMMARY_ELEMENT = re.compile(r"summary|abstract|digest|introduc|daodu|zhaiyao|brief|[.#-]lead(?!er)|[.#_-]intro")
#: 国发〔2015〕40号, and whom a document is addressed to: they open its text, but no reader takes them for the lede.
OPENS_DOCUMENT = re.compile(
    r"^\S{0,20}\s?[〔\[(（]\s?(?:19|20)\d\d\s?[〕\])）]\s?第?\s?\d{1,5}\s?号$"
    r"|^[^。！？]{2,120}(?:人民政府|委员会|办公室|机构|单位|部门|厅|局|公司|企业|院校|学校|同志们?|朋友们?|先生|女士|代表|委员|股东)[:：]$"
)
#: Who wrote it, alone in brackets below the text: （罗森）
SIGNED = re.compile(r"^[（(〔][一-鿿·]{2,4}(?:[ 、／/][一-鿿·]{2,4}){0,3}[）)〕]$")
_SECTION = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[）)]|第[一二三四五六七八九十]+[章节部]"
    r"|0?\d{1,2}$|PART\s?\d|【[^】]{2,14}】$|[■◆●▍]\s?\S)"
)
#: An element that is styled as a heading: span.bjh-h3.
_HEADING_CLASS = re.compile(r"[.#_-]h[1-6]$")
#: （某数据公司的报价单）, of a picture or a table that a dump has lost
_IN_BRACKETS = re.compile(r"^[（(](?!此件|附|据|见|文中|应)[^（()）。]{5,40}(?<!化名)[）)]$")
#: Of a film or a recording in the text.
_CLOCK = re.compile(r"^\d{1,2}:\d\d(?:\s?/\s?\d{1,2}:\d\d)?$")
#: Names of writers and editors stand so many lines from the top at most, or at the end.
_HEAD_LINES = 12
#: A cell of a table is no long paragraph: old pages are tables all over.
_CELL = 2.0
#: A table of quotations put into the text; not the quotation that a blockquote is.
_TICKER_ELEMENT = re.compile(r"stock|(?<!block)quote|ticker|hangqing|[.#_-]hq")
_BOLD = ("/strong", "/b")
#: No paragraph begins so: the line above is a part of its sentence, a link as a rule.
_GOES_ON = frozenset("，。、；：）”》")
#: Below this a line is words or a heading.
_WORDS_ALONE = 0.4
#: A file that goes with a notice: 1. 申请表.docx
_ATTACHED = re.compile(r"\.(?:docx?|xlsx?|pdf|zip|rar|wps|ofd)$", re.IGNORECASE)
#: Counter of a picture story, 2/15.
_COUNTER = re.compile(r"^\d{1,2}\s?/\s?\d{1,2}$")
#: A subhead may ask; then only long paragraphs on both sides tell it from talk.
_QUESTION = re.compile(r"^[^。，；：“”]{4,24}[？！]$")
_LONG = 2.2
#: A dateline or a reporter in brackets opens the text: 本报讯（记者 …, 新华社江城5月18日电, （中央社記者…台南12日電）.
_OPENS_TEXT = re.compile(
    r"[\s【（(〔［\[]{0,2}[^。！？]{0,32}?[电電讯訊](?=[\s　（(）)〕】］\]：:])"
    r"|[（(〔【\[][一-鿿]{0,6}(?:记者|記者)[^。]{2,30}(?:报道|報導|報道)[）)〕】\]]"
)
#: What stands right above that is a caption up to this length: on gold, goldens and layouts 25 lines, and no lede but
#: summaries that are called so or are longer.
_ABOVE_DATELINE = 60
_BROKEN_OFF = ("，", ",", "；", ";", "。", "、")


def label_paragraphs(sheet: Sheet, first: int, last: int, container: str) -> None:
    """
    Label the lines from `first` to `last`.

    Args:
        container: end of the path of the element around the text, a slash last; empty where there is none.
    """
    lines, blocks = sheet.lines, sheet.blocks
    final = max((i for i in range(first, last + 1) if lines[i].prose >= 1 and not lines[i].special), default=last)
    ledes_due = 1
    in_list = False
    for i in range(first, last + 1):
        line = lines[i]
        if sheet.verdicts[i] is not None:
            continue
        after = lines[i + 1] if i < last else None
        in_list = line.heading or (in_list and _is_item(blocks[i], line, container))
        in_sentence = after is not None and after.text[0] in _GOES_ON and not line.heading
        verdict = None if in_sentence else _put_between(blocks[i], line, in_list, i > final, i == last)
        verdict = verdict or _cell_or_name(
            blocks[i], line, container, at_top=i <= first + _HEAD_LINES, inside=i < final
        )
        if verdict is None and i > first and _continues(lines[i - 1], line):
            verdict = sheet.verdicts[i - 1]
        if verdict is None and ledes_due:
            boxed = _in_summary_box(blocks[i], container)
            verdict = _opening(blocks[i], line, after, at_top=i == first, boxed=boxed)
            if verdict[0] == "lede" and line.prose < _WORDS_ALONE and _text_follows(lines, i, last):
                verdict = ("nav", 0.4) if line.nav or line.n <= 10 else ("caption", 0.4)
            ledes_due = _ledes_due(ledes_due, line, verdict, boxed=boxed)
        elif verdict is None:
            verdict = ("subhead", 0.7) if is_subhead(blocks[i], line, lines[i - 1], after) else _paragraph(line)
        sheet.give(i, *verdict)


def _ledes_due(due: int, line: Line, verdict: Verdict, *, boxed: bool) -> int:
    """How many ledes are to come below a line: a summary leaves the first paragraph to be one."""
    if line.abstract:
        return 2 if line.n <= 8 else due  # 核心提示 on a line of its own: the summary follows, and the first paragraph
    return due - (verdict[0] == "lede" and not boxed)


def _cell_or_name(block: Block, line: Line, container: str, *, at_top: bool, inside: bool) -> Verdict | None:
    """Role of a cell of a table in the text, of a tool, and of who wrote the text where it is said inside it."""
    inside_text = _path_inside(block, container)
    if line.prose < _CELL and not {"td", "th"}.isdisjoint(inside_text.split("/")):
        return ("nav" if _TICKER_ELEMENT.search(inside_text) else "body"), 0.7
    if line.nav and line.n <= 12 and not block.tag.endswith(_BOLD):
        return "nav", 0.6
    if inside and (line.credit or line.byline) and line.prose < 1:
        return ("meta", 0.7) if at_top else ("credit", 0.5)
    return None


def _is_item(block: Block, line: Line, container: str) -> bool:
    """What still stands in the list: in HTML no line without a link in an element of the text itself."""
    if container and not line.link and block.tag.rpartition("/")[0].endswith(container[:-1]):
        return False
    return line.prose < 1 or line.link >= 0.7


def _path_inside(block: Block, container: str) -> str:
    """Path of a block from the element around the text inwards; empty outside of it, and where there is none."""
    return (block.tag + "/").rpartition(container)[2] if container and container in block.tag + "/" else ""


def _text_follows(lines: Sequence[Line], i: int, last: int) -> bool:
    """A paragraph stands in the next lines: what comes before it in words alone is a tool or a caption, no lede."""
    return any(line.prose >= 1 and line.link < 0.5 for line in lines[i + 1 : min(last, i + 12) + 1])


def _in_summary_box(block: Block, container: str) -> bool:
    """Above the text in an element of its own, or one that is named for summaries."""
    outside = bool(container) and container not in block.tag + "/"
    return outside or _SUMMARY_ELEMENT.search(last_elements(block.tag)) is not None


def _continues(above: Line, line: Line) -> bool:
    """A paragraph cut in the middle of a sentence, or into lines of equal length as in newspapers' dumps: one role."""
    if above.prose > 0 and above.text.endswith(("，", "、", ",")):
        return line.prose > 0 and not above.special
    return abs(above.n - line.n) <= 8 and 0 < above.prose < 1 and above.n >= 20 and line.prose > 0 and not above.special


def _put_between(block: Block, line: Line, in_list: bool, after_text: bool, at_end: bool) -> Verdict | None:
    """Role of what is no running text but stands in it: pictures, lists of other stories, notices, tools, credits."""
    if ORIGINAL_TITLE.match(line.text):
        return "credit", 0.9
    if (line.caption and line.prose < 4) or (line.n <= 120 and in_caption_element(block.tag)):
        return "caption", 0.85
    if _IN_BRACKETS.match(line.text) and not line.special and not SIGNED.match(line.text):
        return "caption", 0.6
    if _below_picture(block, line):
        return "caption", 0.8 if line.prose < 1 else 0.55
    if line.notice and (line.notices or at_end):
        return "notice", 0.7
    if (
        in_list
        or (line.link > 0.7 and line.n >= 8 and not _ATTACHED.search(line.text))
        or (line.prose < 2 and line.text.endswith((">>", "＞＞", "→")))
    ):
        return "related", 0.6
    if after_text and (line.credit or line.byline or SIGNED.match(line.text)):
        return "credit", 0.8
    if _ATTACHED.search(line.text):
        return "body", 0.7
    if _COUNTER.match(line.text):
        return "nav", 0.6
    return ("caption", 0.5) if _CLOCK.match(line.text) else None


def _below_picture(block: Block, line: Line) -> bool:
    """
    A short line right below a picture that is no heading of a section.

    Of such lines in the articles of gold without a full sentence, 49 are captions, 7 text and 12 subheads, of which
    this leaves out the numbered ones and those in heading elements; of sentences up to 24 characters a half.
    """
    if not block.media or line.n > (60 if line.prose < 1 else 24) or line.special or line.link > 0.5:
        return False
    bold = block.tag.endswith(_BOLD)
    heading = heading_level(block.tag) or _HEADING_CLASS.search(block.tag)
    return not (
        bold or heading or line.key.isdigit() or _SECTION.match(line.text) or line.text.endswith(("：", ":", "，"))
    )


def _opening(block: Block, line: Line, after: Line | None, *, at_top: bool, boxed: bool) -> Verdict:
    """Role of a line while the lede is due; `boxed` when it stands in a box of its own."""
    if line.abstract:
        return "lede", 0.8
    if line.publication or line.byline or not HAN.search(line.text):
        return "meta", 0.7 if HAN.search(line.text) else 0.4
    if OPENS_DOCUMENT.match(line.text):
        return "body", 0.7
    if at_top and after and not after.special and is_subhead(block, line, None, after):
        return "subhead", 0.5
    dateline_below = after is not None and _OPENS_TEXT.match(after.text) and not _OPENS_TEXT.match(line.text)
    if line.n <= _ABOVE_DATELINE and not boxed and dateline_below:
        return "caption", 0.7
    if line.prose < 1 and 8 <= line.n <= 40 and after and after.prose >= 2:
        return "caption", 0.5
    return "lede", 0.9 if line.prose >= 2 else 0.6


def _paragraph(line: Line) -> Verdict:
    return "body", 0.97 if line.prose >= 2 else 0.75


def is_subhead(block: Block, line: Line, above: Line | None, after: Line | None) -> bool:
    """A short line without a stop that a paragraph follows, a numbered one, or a heading element."""
    if heading_level(block.tag) and line.n <= 40:
        return True
    bold = block.tag.endswith(_BOLD)
    if _SECTION.match(line.text) and line.n <= 24 and "，" not in line.text:
        return True
    if _QUESTION.match(line.text):
        return above is not None and after is not None and min(above.prose, after.prose) >= _LONG
    if line.n > 32 or line.prose >= 1 or after is None or DASHED.match(line.text) or not HAN.search(line.text):
        return False
    if line.text.endswith(("：", ":")):
        return line.n <= 5 or (line.n <= 20 and bold and after.prose >= 1)
    if line.text.endswith(_BROKEN_OFF):
        return False
    return after.prose >= 1 or after.caption or bold
