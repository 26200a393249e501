"""
Sentences of Chinese news, as spans of the unchanged text: the guideline zh-news-sent v1.

1.  A sentence ends with a run of 。！？!?｡, the closing marks after it, even after a stray space, and then footnote
    marks ([1] ①) and emoji. A line break ends it always.
2.  ； and ： end nothing, nor does anything inside 《》.
3.  A quotation of several sentences is split inside.
4.  `。”` ends a sentence; a bare `”他说。` stays with the quotation, `”他说，新内容` begins a sentence.
5.  A slogan inside a sentence is not split: “要公道！要真相！”的口号.
6.  Brackets closed on their line are not split inside, unless they are the whole line.
7.  A quotation mark or a bracket without its other half moves no other boundary.
8.  …… ends nothing by itself; before a closing quotation mark it does.
9.  "." ends a sentence only after a hanzi or a longer Latin word; never in numbers, addresses, abbreviations, lists.
10. A half-width ? between hanzi without a question word is a middle dot lost in GBK: it ends nothing.

`split` runs once over the marks of a text with a stack of what is open. An end of a sentence met inside a quotation or
a bracket is on trial until that closes; then the ends inside are kept or dropped together. What never closes drops
nothing. What one mark means by its neighbours (4, 9, 10) is in `sentence_marks`.
"""

from dataclasses import dataclass, field
from typing import Literal

from builder.sentence_marks import (
    APPOSITION,
    BEGINS,
    CIRCLED,
    CLOSER_OF,
    CLOSES,
    CLOSES_QUOTATION,
    CLOSES_TITLE,
    CONTINUES,
    DEEPEST,
    GOES_ON,
    HARD_RUN,
    LEADS,
    LINE_ENDS,
    LIST_FOLLOWS,
    LIST_ITEM,
    MARK,
    MIXED,
    NO_WORDS,
    PREDICATE,
    QUOTE_MARK,
    SLOGAN_CHARS,
    STRAIGHT,
    is_address,
    is_apostrophe,
    is_ascii_alnum,
    is_attribution,
    is_full_stop,
    is_lost_dot,
)

Quotes = Literal["split", "keep"]
Attribution = Literal["join", "split"]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SentenceSettings:
    """[sentences] in dataset.toml."""

    quotes: Quotes = "split"  # keep: a quotation of several sentences is not split inside
    attribution: Attribution = "join"  # split: the 他说。 after a quotation is a sentence of its own


@dataclass(slots=True)
class Scan:
    """
    What one pass over a text holds.

    Attributes:
        line: start of the line.
        after: where the text goes on after the last end, past blanks: a closing mark here belongs to that end.
        stop: the mark that ended it; empty for a line break and at the start.
        ends: the ends of sentences; on trial while a quotation or a bracket is open around them.
        opened: the stack: the mark that will close, where it was opened, whether it began its sentence, and how many
            ends came before it.
    """

    text: str
    quotes: Quotes
    attribution: Attribution
    line: int
    after: int
    stop: str = ""
    ends: list[int] = field(default_factory=list)
    opened: list[tuple[str, int, bool, int]] = field(default_factory=list)

    def on_stop(self, at: int, end: int, after: int) -> None:
        """。！？ and what follows them end a sentence, unless it plainly goes on: rule 1."""
        text = self.text
        if text[after : after + 1] in CONTINUES:
            return
        if text[end - 1] in CIRCLED and (self.in_list(at) or LIST_FOLLOWS.match(text, end)):
            while text[end - 1] in CIRCLED:
                end -= 1
            after = end
        self.ends.append(end)
        self.after, self.stop = after, text[at]

    def on_doubt(self, at: int, end: int, after: int) -> None:
        """An ellipsis or a half-width mark may be a stop: rules 8 to 10."""
        text = self.text
        if text[at] in "!?":
            stops = not is_address(text, at) and not is_lost_dot(text, at)
        elif HARD_RUN.match(text, at) or (text[at] in ".．" and is_full_stop(text, at)):
            stops = True
        else:
            mark = text[after : after + 1]
            stops = mark in CLOSES_QUOTATION and (mark not in STRAIGHT or self.find_open(mark) is not None)
        if stops:
            self.on_stop(at, end, after)

    def on_newline(self, at: int, _: int, after: int) -> None:
        """A line break ends the sentence, and what is open stays open for ever: rules 1 and 7."""
        if self.after != at:
            self.ends.append(rstrip(self.text, at))
        self.opened.clear()
        self.line = self.after = after
        self.stop = ""

    def on_open(self, at: int, _: int, __: int) -> None:
        """Put an opening mark on the stack, and let go of the outermost when it is full."""
        if len(self.opened) == DEEPEST:
            del self.opened[0]
        self.opened.append((CLOSER_OF[self.text[at]], at, at == self.after, len(self.ends)))

    def on_straight(self, at: int, end: int, after: int) -> None:
        """
        A straight mark closes its like; right after a stop also “ or, at the end of the line, nothing; else it opens.

        An apostrophe does neither.
        """
        mark = self.text[at]
        touches = self.after == at and self.stop != ""
        last = self.text[after : after + 1] in LINE_ENDS
        if self.find_open(mark) is not None or (touches and (last or self.find_open(MIXED[mark]) is not None)):
            self.on_close(at, end, after)
        elif not (mark == "'" and is_ascii_alnum(self.text[at - 1 : at])):
            self.on_open(at, end, after)

    def on_close(self, at: int, end: int, after: int) -> None:
        """A closing mark belongs to an end right before it, and settles the ends since its opening: rules 1, 3 to 6."""
        touches = self.after == at and self.stop != ""
        if touches:
            self.ends[-1] = end
            self.after = after
        mark = self.text[at]
        place = self.find_open(mark)
        if place is None and mark in MIXED:
            place = self.find_open(MIXED[mark])
        if place is None:
            return
        closer, begin, first, before = self.opened[place]
        del self.opened[place:]
        if len(self.ends) == before:
            return
        if closer in CLOSES_QUOTATION:
            self.settle_quotation(begin, first, before, after, touches)
        elif closer in CLOSES_TITLE:
            self.drop(before, None)
        elif not (begin == self.line and self.text[after : after + 1] in LINE_ENDS):
            own = touches and first and self.text[after : after + 1] not in CONTINUES
            self.drop(before, -1 if own else None)

    def settle_quotation(self, begin: int, first: bool, before: int, after: int, touches: bool) -> None:
        """Keep the ends inside a quotation, drop them all, or drop the last: rules 3 to 5."""
        text = self.text
        lead = text[max(0, begin - 8) : begin]
        first = first or bool(BEGINS.search(lead))
        led = not first and bool(LEADS.search(lead))
        named = GOES_ON.match(text, after) or (not led and PREDICATE.match(text, after))
        if touches and not led and self.stop not in "。｡":
            named = named or APPOSITION.match(text, after)
        ends = touches and not named and self.quotation_ends(first, led, after)
        slogan = (named or not (first or led)) and not ends and after - begin <= SLOGAN_CHARS
        if self.quotes == "keep" or slogan:
            self.drop(before, -1 if ends else None)
        elif touches and not ends:
            self.drop(-1, None)

    def quotation_ends(self, first: bool, led: bool, after: int) -> bool:
        """Whether a quotation whose last mark is a stop ends its sentence: rules 4 and 5."""
        mark = self.text[after : after + 1]
        if mark in LINE_ENDS or mark in CLOSES or (mark in STRAIGHT and self.find_open(mark) is not None):
            return True
        if mark in CONTINUES:
            return False
        if first:
            return self.attribution == "split" or not is_attribution(self.text, after)
        return led or self.stop in "。｡"

    def drop(self, start: int, stop: int | None) -> None:
        """Drop the ends from `start` to `stop`; when the last goes, nothing can touch it any more."""
        del self.ends[start:stop]
        if stop is None:
            self.after = -1

    def find_open(self, closer: str) -> int | None:
        """Place in the stack of what `closer` closes."""
        for place in range(len(self.opened) - 1, -1, -1):
            if self.opened[place][0] == closer:
                return place
        return None

    def in_list(self, at: int) -> bool:
        """Whether the sentence before `at` holds a circled item, ①带好证件。② : then ② is an item and no footnote."""
        sentence = max(skip_white(self.text, self.ends[-1] if self.ends else 0), at - 200)
        return self.text[sentence] in CIRCLED or bool(LIST_ITEM.search(self.text, sentence, at))


def split(text: str, *, quotes: Quotes = "split", attribution: Attribution = "join") -> list[Span]:
    """
    Spans of the sentences of `text`, by the guideline above.

    Args:
        text: any text; a line break ends a sentence.
        quotes: `keep` does not split inside a quotation that is closed on its line.
        attribution: `split` makes the 他说。 that follows a quotation a sentence of its own.

    Returns:
        (start, end) in code points, half-open, in order; only white space lies before, between and after them.
        Time grows with the length of the text and with nothing else.

    >>> text = "他说：“路修好了。车也通了。”随后，他去了村里。"
    >>> [text[start:end] for start, end in split(text)]
    ['他说：“路修好了。', '车也通了。”', '随后，他去了村里。']
    """
    start = skip_white(text, 0)
    scan = Scan(text, quotes, attribution, line=start, after=start)
    on = (scan.on_stop, scan.on_open, scan.on_close, scan.on_newline, scan.on_doubt, scan.on_straight)
    for mark in MARK.finditer(text, start):
        kind = mark.lastindex  # the group that matched, from 1
        if kind:
            on[kind - 1](*mark.span(kind), mark.end())
    if start < len(text) and (not scan.ends or skip_white(text, scan.ends[-1]) < len(text)):
        scan.ends.append(rstrip(text, len(text)))
    spans = []
    for end in scan.ends:
        spans.append((start, end))
        start = skip_white(text, end)
    return spans


def in_quote(text: str, spans: list[Span]) -> list[bool]:
    """
    Whether each sentence is quoted speech: it begins inside a quotation, or it is a quotation from end to end.

    A quotation counts when it is closed on its line. What opens with narration is not in a quotation, however much it
    quotes; nor is one that opens with a quotation and goes on after it, unless the quotation began before.

    Args:
        text: the text that was split.
        spans: its sentences, in order, as `split` gives them.

    >>> text = "他说：“路修好了。车也通了。”随后，他去了村里。"
    >>> in_quote(text, split(text))
    [False, True, False]
    """
    answer = []
    quoted = quotations(text)
    at = 0
    for start, end in spans:
        while at < len(quoted) and quoted[at][1] <= start:
            at += 1
        begin, close = quoted[at] if at < len(quoted) else (end, end)
        whole = begin == start and bool(NO_WORDS.fullmatch(text, min(close, end), end))
        answer.append(begin < start or whole)
    return answer


def quotations(text: str) -> list[Span]:
    """Outermost quotations of `text`, marks included, each closed on its line; in order."""
    opened: list[int] = []
    found: list[Span] = []
    for mark in QUOTE_MARK.finditer(text):
        at, sign = mark.start(), mark[0]
        if sign in LINE_ENDS:
            opened.clear()
        place = next((i for i in range(len(opened) - 1, -1, -1) if CLOSER_OF[text[opened[i]]] == sign), None)
        if place is not None:
            begin = opened[place]
            del opened[place:]
            while found and found[-1][0] > begin:
                found.pop()
            found.append((begin, at + 1))
        elif sign in CLOSER_OF and not is_apostrophe(text, at):
            opened.append(at)
            del opened[:-DEEPEST]
    return found


def skip_white(text: str, start: int) -> int:
    """Return `start` past the white space that begins there."""
    while text[start : start + 1].isspace():
        start += 1
    return start


def rstrip(text: str, end: int) -> int:
    """Return `end` without the white space before it."""
    while text[end - 1].isspace():
        end -= 1
    return end
