"""Who wrote it and who edited it. A page that names nobody gives nobody: an invented name is worse than none."""

import re
from collections.abc import Iterable, Sequence

from builder.articles.datelines import bracketed_after, reporters_within
from builder.articles.lines import Field, split_fields
from builder.articles.names import (
    is_body,
    is_medium,
    is_nobody,
    is_person,
    is_place,
    may_be_person,
    may_be_word,
    place_at_end,
)
from builder.records import Block, Dateline

_SPLIT = re.compile(r"[\s、，,；;&＆/／|｜丨+＋]+|(?<=[一-鿿]{2})[和及与與](?=[一-鿿]{2})")
#: What follows the names of a byline: 北京报道, 摄影报道, 整合, 系某校研究员.
_AFTER_NAMES = re.compile(r"[一-鿿]{0,8}(?:报道|報導|報道|专电|專電|电|編譯|发自.*|摄|攝)$")
_REPORT = re.compile(r"[一-鿿]*(?:报道|報導|報道|采写|撰文|整合|整理)$")
_AFFILIATION = re.compile(r"(?P<name>.{2,4}?)(?:系|为|是|均为|均系|对此文|对本文|亦有)[^、，,\s].+")
_CODE = re.compile(r"[_\s]?[（(]?[A-Za-z]{0,4}\d{2,}[）)]?")
_BRACKETS = re.compile(r"[（(\[【〔][^）)\]】〕]*(?:[）)\]】〕]|$)")
_REPORTER_WORD = re.compile(
    r"(?:(?:本|総|总)?[报報网網台刊社站]?(?:首席|特约|特約|见习|見習|实习|實習|职工|全媒体|驻[一-鿿]{2,4})*(?:记者|記者|通讯员|通訊員|评论员|評論員|特派员|实习生|编译|撰稿人|作者))[:：]?"
)
_AT_END = re.compile(r"[（(〔【\[]([^（）()〔〕【】\[\]]{2,60})(?:[）)〕】\]]|$)\s*(?:[（(][完终][）)])?\s*。?$")
#: A paragraph that opens by naming its reporter: 本报记者 范知秋 北京报道, 記者蘇映雪／台北報導, 文/沈喆.
_OPENS = re.compile(
    r"[【〔（(\[]?(?P<who>[一-鿿·\-]{0,10}?)(?:首席|特约|特約|见习|見習|实习|實習)?(?:记者|記者)\s?[:：]?(?P<names>[一-鿿·、\s]{2,30}?)\s?(?:[/／│|｜]\s?)?"
    r"(?P<place>[一-鿿]{0,8})(?:综合|綜合|摄影|攝影|专题|即時|连线)?(?:报道|報導|報道)[】〕）)\]：:，,。]?"
)
_NAME_AND_MEDIUM = re.compile(r"(?P<left>[^\s/／|]{2,16})\s?[/／]\s?(?P<right>[^\s/／|]{2,16})")


def find_byline(
    meta: Sequence[str],
    credit_lines: Sequence[str],
    running: Sequence[str],
    dateline: Dateline | None,
    dateline_in: str,
    head_author: str | None,
    outlet: str | None,
    pictures: bool = False,
) -> list[str]:
    """
    Return the reporters and authors that a page names, each once, in reading order.

    Args:
        meta: publication lines; credit_lines: credit lines; running: paragraphs of the text; dateline_in: the paragraph
            that holds the dateline, or the first one.
        head_author: what the head says; it counts only when the page shows the name too.
        outlet: a word that opens it is no name (文｜财新 岑朗, when the outlet is 财新网).
        pictures: more captions than paragraphs, so that the photographer is the author when nobody else is.
    """
    found: list[str] = []
    for line in meta:
        found += _reporters_of_line(line)
    found += _names(reporters_within(dateline), loose=True) if dateline else []
    found += _bracketed_names(bracketed_after(dateline_in, dateline), dateline is not None)
    for paragraph in running[:3]:
        if not found and (match := _OPENS.match(paragraph, _opening_end(paragraph, dateline))):
            found += _names(match["names"] + match["place"] if not match["place"] else match["names"], loose=True)
    for line in credit_lines:
        found += _reporters_of_line(line)
    for paragraph in running[-3:]:
        if match := _AT_END.search(paragraph):
            found += _bracketed_names(match[1], plain=not found and paragraph is running[-1])
    if not found:
        found += _lone_names(meta, credit_lines)
    if not found and pictures:
        found += [
            n
            for line in [*meta, *credit_lines]
            for f in split_fields(line[:200])
            if f.kind == "photographer"
            for n in _names(f.value, loose=True)
        ]
    editors = set(find_editors([*meta, *credit_lines], running))
    if not found and head_author:
        shown = "\n".join([*meta, *credit_lines])
        found += [n for n in _names(head_author, loose=False) if n in shown and n not in editors]
    return [n for n in dict.fromkeys(found) if not (outlet or "").startswith(n)]


def find_editors(lines: Iterable[str], running: Sequence[str] = ()) -> list[str]:
    """Return the editors that publication and credit lines (or brackets at the end of the text) name, each once."""
    found: list[str] = []
    ends = [m[1] for p in running[-2:] if (m := _AT_END.search(p))]
    for line in [*lines, *ends]:
        if "辑" in line or "輯" in line or "编" in line or "編" in line:
            for field in split_fields(line[:200]):
                if field.kind == "editor":
                    found += _editor_names(field.value)
    return list(dict.fromkeys(found))


def _editor_names(value: str) -> list[str]:
    value = _BRACKETS.sub("", _CODE.sub("", value))
    tokens = _join_spread([t.strip("_-·") for t in _SPLIT.split(value)])
    # Editors sign with all sorts of names, and the label vouches for them.
    return [t for t in tokens if 2 <= len(t) <= 20 and not is_nobody(t) and not is_medium(t) and not t.isdigit()]


def _reporters_of_line(line: str) -> list[str]:
    found: list[str] = []
    fields = split_fields(line[:200])
    for n, field in enumerate(fields):
        if field.kind in {"reporter", "text_by"}:
            # 采写：临江晚报记者 沈喆: what the next label follows at once may be the medium of the reporter.
            before_label = (
                n + 1 < len(fields)
                and fields[n + 1].kind == "reporter"
                and not field.label.endswith(("者", "员", "員"))
            )
            found += _names(field.value, loose=not before_label)
        elif not field.kind and not (n + 1 < len(fields) and fields[n + 1].kind == "reporter"):
            found += _signed(field)
    return found


def card_author(blocks: Sequence[Block]) -> str | None:
    """Return whom an author card after the text introduces, if a publication line names them too."""
    named = {b.text for b in blocks if b.role == "meta" and len(b.text) <= 40}
    for n, block in enumerate(blocks[:-1]):
        if block.role == "credit" and blocks[n + 1].role == "credit" and 2 <= len(block.text) <= 12:
            name = block.text
            if not (is_medium(name) or is_body(name) or is_nobody(name)) and any(t.split()[0] == name for t in named):
                return name
    return None


def _signed(field: Field) -> list[str]:
    """Names in the unlabelled part of a line, where a medium vouches for them: 苗芷/中国青年报, 上報快訊／范姜晴嵐."""
    match = _NAME_AND_MEDIUM.search(field.value)
    if match is None:
        # An account page names its writers between 原创 and the account: 原创 霍知秋 黎樵 霜河生活志.
        words = field.value.split()
        return _names(" ".join(words[1:-1]), loose=False) if len(words) > 2 and words[0] in {"原创", "原創"} else []
    left, right = match["left"], match["right"]
    if is_medium(right) or _AFTER_NAMES.search(right):
        return _names(left, loose=False)
    return _names(right, loose=False) if is_medium(left) else []


def _bracketed_names(inside: str, plain: bool) -> list[str]:
    """Names in a bracket; a `plain` one, which holds nothing but names, counts where bylines stand."""
    if not inside or "化名" in inside:
        return []
    fields = split_fields(inside)
    if any(f.kind for f in fields):
        return [
            name
            for f in fields
            if f.kind in {"reporter", "text_by"}
            for name in _names(f.value, loose=f.kind == "reporter")
        ]
    names = _names(inside, loose=False)
    tokens = _join_spread([t for t in _SPLIT.split(inside) if t])
    if not plain or len(names) != len(tokens) or (len(names) == 1 and may_be_word(names[0])):
        return []
    return names


def _lone_names(meta: Sequence[str], credit_lines: Sequence[str]) -> list[str]:
    """
    The name that stands alone beside the date in a publication line (`沈喆之 2015-06-23 14:42`), or is a line itself.

    Three characters at least: two are too often a word.
    """
    for line in meta:
        fields = split_fields(line[:200])
        words = [w for w in re.split(r"[\s|｜·,，、]+", fields[0].value) if w] if fields and not fields[0].kind else []
        words = [w for w in words if not re.fullmatch(r"[\d:：\-/.年月日人条次参与评论]+", w)]
        if words and len(words) <= 3 and len(words[0]) >= 3 and is_person(words[0]):
            return [w for w in words if len(w) >= 3 and is_person(w)]
    for line in credit_lines:
        # A signature on a line of its own; （罗禾） in brackets is one too.
        if _AT_END.fullmatch(line) and (names := _bracketed_names(line.strip("（）()【】〔〕[] "), plain=True)):
            return names
    return []


def _opening_end(paragraph: str, dateline: Dateline | None) -> int:
    """Where a byline may begin in a paragraph: after the dateline that opens it."""
    if dateline and paragraph[dateline.start : dateline.end] == dateline.raw:
        rest = paragraph[dateline.end :]
        return dateline.end + len(rest) - len(rest.lstrip("】）)〕] 　："))
    return 0


def _names(value: str, loose: bool) -> list[str]:
    """
    Names in the value of a byline; with `loose`, the first may be a pen name, because its label vouches for it.

    The first word that is no name ends the list: 陈芷 赵明 北京报道.
    """
    if (match := _AFFILIATION.fullmatch(value.strip())) and is_person(match["name"]):
        return [match["name"]]
    value = _CODE.sub("", _BRACKETS.sub(" ", _REPORTER_WORD.sub(" ", value)))
    names: list[str] = []
    for token in _join_spread([t.strip("“”\"'《》·-—:：。.") for t in _SPLIT.split(value)]):
        word = _AFTER_NAMES.sub("", token) if len(token) > 4 else _REPORT.sub("", token)
        if is_person(word) or (loose and may_be_person(word) and _may_follow(word, names)):
            names.append(word)
        elif len(word) in {4, 5} and (place := place_at_end(word)) and is_person(word[: -len(place)]):
            names.append(word[: -len(place)])
        elif names or not (is_medium(word) or is_body(word) or is_place(word)):
            break
    return names


def _may_follow(word: str, names: list[str]) -> bool:
    """A pen name opens a byline or follows another of its length; a lone two-character word after names is a verb."""
    return not names or len(word) > 2


def _join_spread(tokens: list[str]) -> list[str]:
    """Join what typesetting spreads: 韦 禾 is one name, Lena Qiao too."""
    joined: list[str] = []
    spread = latin = False
    for token in tokens:
        if not token:
            continue
        single = len(token) == 1 and "一" <= token <= "鿿"
        is_latin = token.isascii() and token[0].isupper() and token.isalpha()
        if joined and ((single and spread) or (is_latin and latin)):
            joined[-1] += token if single else f" {token}"
            spread = False
        else:
            joined.append(token)
            spread = single
        latin = is_latin
    return joined
