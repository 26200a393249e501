"""Who wrote it and who edited it. A page that names nobody gives nobody: an invented name is worse than none."""

import re
from collections.abc import Iterable, Sequence

from builder.articles.datelines import bracketed_after, reporters_within
from builder.articles.lines import Field, split_fields
from builder.articles.name_lists import editors_in, names_in, words_in
from builder.articles.names import is_body, is_medium, is_nobody, is_person, may_be_word
from builder.records import Block, Dateline

_AT_END = re.compile(r"[（(〔【\[]([^（）()〔〕【】\[\]]{2,60})(?:[）)〕】\]]|$)\s*(?:[（(][完终][）)])?\s*。?$")
_REPORTER = r"(?:记者|記者|通讯员|通訊員|特派员|特派員|编译|編譯)"
#: A paragraph that opens by naming its reporter: 本报记者 范知秋 北京报道, 記者蘇映雪／台北報導, 记者沈喆3月5日报道.
_OPENS = re.compile(
    rf"[【〔（(\[［]?[一-鿿·、\-]{{0,16}}?{_REPORTER}\s?[:：]?[一-鿿·、\s]{{2,30}}?(?:\d{{1,2}}月)?(?:\d{{1,2}}日)?"
    r"\s?[/／│|｜]?\s?[一-鿿]{0,12}?(?:报道|報導|報道|报导)(?=[】〕）)\]］：:，,。\s]|$)"
)
#: Names that the text goes on after without a word between: 南都讯 记者 范知秋 通讯员 陈芷 古渡桥今天放行。
_OPENS_GLUED = re.compile(rf"\s?{_REPORTER}\s?(?P<names>[一-鿿·]{{2,8}}(?:[、\s][一-鿿·]{{2,8}}){{0,6}})\s(?=\S)")
#: A signature after the last stop of a paragraph: 桥下又有了灯。本报记者 范知秋
_SIGNED_AT_END = re.compile(rf"[。！？!?”』」]\s*([□■◎●◆]?[一-鿿·]{{0,10}}{_REPORTER}[\s:：/／|｜丨].{{2,30}})$")
_STOP = re.compile(r"[。！？；，,!?;“”「」]")
_APART = re.compile(r"[\s/／│|｜、·]")
_SHORT = 40
_NAME_AND_MEDIUM = re.compile(r"(?P<left>[^\s/／|]{2,16})\s?[/／]\s?(?P<right>[^\s/／|]{2,16})")
_REPORTED = re.compile(r"(?:报道|報導|報道|报导|电|電|摄|攝)$")
#: A desk signs before its reporter: 國際中心／范知秋報導.
_DESK = re.compile(r"(?:中心|组|組|部|新聞|新闻)$")
_DATES = re.compile(r"[\d:：\-/.年月日时分人条次参与评论]+")
_BULLETS = "□■◎●◆○▲★☆【】 　"


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
    found += names_in(reporters_within(dateline), loose=True) if dateline else []
    found += _bracketed_names(bracketed_after(dateline_in, dateline), dateline is not None)
    found += _opening_names(running, dateline) if not found else []
    for line in credit_lines:
        found += _reporters_of_line(line)
    found += _closing_names(running, plain=not found)
    if not found:
        found += _lone_names(meta, credit_lines)
    if not found and pictures:
        found += [
            n
            for line in [*meta, *credit_lines]
            for f in split_fields(line[:200])
            if f.kind == "photographer"
            for n in names_in(f.value, loose=True)
        ]
    editors = set(find_editors([*meta, *credit_lines], running))
    if not found and head_author:
        shown = "\n".join([*meta, *credit_lines])
        found += [n for n in names_in(head_author, loose=False) if n in shown and n not in editors]
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
    # Editors sign with all sorts of names, and the label vouches for them.
    return [
        t for t in editors_in(value) if 2 <= len(t) <= 20 and not is_nobody(t) and not is_medium(t) and not t.isdigit()
    ]


def _opening_names(running: Sequence[str], dateline: Dateline | None) -> list[str]:
    """Names that one of the first paragraphs opens with, or is."""
    for n, paragraph in enumerate(running[:3]):
        start = _opening_end(paragraph, dateline)
        if match := _OPENS.match(paragraph, start):
            names = _reporters_of_line(match[0])
            if not _APART.search(match[0]):  # 记者连续报道 opens like 记者连禾报道
                names = [n for n in names if not may_be_word(n)]
        elif start and (match := _OPENS_GLUED.match(paragraph, start)):
            names = [n for n in _reporters_of_line(match[0], loose=False) if not may_be_word(n)]
        elif n + 1 < len(running) and _is_signature(paragraph, running):
            names = [n for n in _reporters_of_line(paragraph, loose=False) if not may_be_word(n)]
        else:
            continue
        if names:
            return names
    return []


def _closing_names(running: Sequence[str], *, plain: bool) -> list[str]:
    """Names that sign the last paragraphs: in brackets, after the last stop, or on a line of their own."""
    found: list[str] = []
    for n, paragraph in enumerate(running[-3:], start=max(0, len(running) - 3)):
        if match := _AT_END.search(paragraph):
            found += _bracketed_names(match[1], plain=plain and not found and n == len(running) - 1)
        elif match := _SIGNED_AT_END.search(paragraph):
            found += _reporters_of_line(match[1], loose=False)
        elif n and not found and plain and _is_signature(paragraph, running):
            found += _reporters_of_line(paragraph, loose=False)
    return found


def _is_signature(paragraph: str, running: Sequence[str]) -> bool:
    """A short line without a stop that opens with a reporter's label; not the question of an interview (记者：…)."""
    if len(paragraph) > _SHORT or _STOP.search(paragraph):
        return False
    return sum(p.startswith(paragraph[:3]) for p in running) < 2


def _reporters_of_line(line: str, *, loose: bool = True) -> list[str]:
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
            found += names_in(field.value, loose=loose and not before_label)
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
        return names_in(" ".join(words[1:-1]), loose=False) if len(words) > 2 and words[0] in {"原创", "原創"} else []
    left, right = match["left"], match["right"]
    if (is_medium(right) or _REPORTED.search(right)) and (names := names_in(left, loose=False)):
        return names
    return names_in(field.value[match.start("right") :], loose=False) if is_medium(left) or _DESK.search(left) else []


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
            for name in names_in(f.value, loose=f.kind == "reporter")
        ]
    names = names_in(inside, loose=False)
    tokens = [t for t in words_in(inside) if t]
    if len(tokens) > 1 and not names_in(tokens[0], loose=False) and is_medium(tokens[0]):
        tokens = tokens[1:]  # （临江晚报 范知秋）
    if not plain or len(names) != len(tokens) or (len(names) == 1 and may_be_word(names[0])):
        return []
    return names


def _lone_names(meta: Sequence[str], credit_lines: Sequence[str]) -> list[str]:
    """
    The names that stand alone beside the date or after a medium in a publication line, or are a line themselves.

    The first has three characters at least: two are too often a word.
    """
    for line in meta:
        for field in split_fields(line[:200]):
            if field.kind in {"", "time"} and (names := _alone(field.value)):
                return names
    for n, line in enumerate(credit_lines):
        # A signature on a line of its own; （罗禾） in brackets is one too.
        if _AT_END.fullmatch(line) and (names := _bracketed_names(line.strip("（）()【】〔〕[] "), plain=True)):
            return names
        # A name below 责任编辑： is its value.
        after_label = n > 0 and credit_lines[n - 1].rstrip().endswith((":", "："))
        fields = split_fields(line[:200])
        if len(fields) == 1 and not fields[0].kind and not after_label and (names := _alone(fields[0].value)):
            return names
    return []


def _alone(value: str) -> list[str]:
    """Names that are all there is beside dates and one medium: `沈喆之 2015-06-23 14:42`, `工商時報 沈喆之`."""
    words = [w.strip(_BULLETS) for w in re.split(r"[\s|｜,，、]+|(?<=\d)·|·(?=\d)", value)]
    words = [w for w in words if w and not _DATES.fullmatch(w)]
    if len(words) > 1 and is_medium(words[0]) and not is_person(words[0]):
        words = [w for w in words[1:] if not _REPORTED.search(w)]
        if not all(map(is_person, words)):
            return []  # 澎湃新闻、智东西、雷锋网: a list of media
    if not words or len(words) > 3 or len(words[0]) < 3 or not is_person(words[0]):
        return []
    return [w for w in words if is_person(w) and not may_be_word(w)]


def _opening_end(paragraph: str, dateline: Dateline | None) -> int:
    """Where a byline may begin in a paragraph: after the dateline that opens it."""
    if dateline and paragraph[dateline.start : dateline.end] == dateline.raw:
        rest = paragraph[dateline.end :]
        return dateline.end + len(rest) - len(rest.lstrip("】）)〕］] 　："))
    return 0
