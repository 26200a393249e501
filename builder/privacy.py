"""
Personal data in pages: found, and masked once, in the blocks, before the first table is written.

Nine kinds: phone (landline, 400 and 800, foreign, fax), mobile, email, qq, wechat, id_card (with its checksum),
bank_card (with Luhn's), plate, address. What a person can be reached or identified by is masked whoever owns it: a
program cannot tell a newsroom's number from a reader's. What stays:

- names of persons: news is about them;
- short public service numbers (110, 12345, 95588, 10086): they are nobody's;
- channels made to be read, web addresses and the names of 公众号;
- places of events (中山路128号附近): an address counts after its label, or when somebody is said to live at its door;
- what the page itself has masked (138****5678).

A span is the value alone, its label stays: `电话：<PHONE>`.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from builder import privacy_patterns as patterns
from builder.errors import printable
from builder.records import Block, Head

KINDS = ("phone", "mobile", "email", "qq", "wechat", "id_card", "bank_card", "plate", "address")

#: What stands in the place of a value: ASCII, one form a kind, found again by `PLACEHOLDER`.
PLACEHOLDERS = {kind: f"<{kind.upper()}>" for kind in KINDS}
PLACEHOLDER = re.compile(f"<({'|'.join(kind.upper() for kind in KINDS)})>")


#: Of the five or six characters of a plate; short codes such as 沪B2B have fewer.
MIN_PLATE_DIGITS = 3


#: Lines of menus and footers are on every page of a site: up to so many characters they are masked once.
REPEATED_CHARS = 80


class Span(NamedTuple):
    """A value of one of KINDS at text[start:end], code points, half-open."""

    kind: str
    start: int
    end: int


def find_personal(text: str) -> list[Span]:
    """
    Spans of personal data in `text`, in order, none over another.

    >>> text = "报料微信:linjiang_news，电话：023-67950012转8。请拨12345。"
    >>> [(span.kind, text[span.start : span.end]) for span in find_personal(text)]
    [('wechat', 'linjiang_news'), ('phone', '023-67950012转8')]
    """
    in_a_row = patterns.FOUR_IN_A_ROW.search(text) is not None
    if not in_a_row and not patterns.SHORT_TRACE.search(text):
        return []
    folded = text.translate(patterns.FOLD) if patterns.WIDE.search(text) else text
    found = []
    taken = bytearray(len(text))
    # The stricter a form, the earlier it speaks; a later one takes nothing that is taken.
    for span in _candidates(folded, in_a_row):
        if taken.find(1, span.start, span.end) < 0:
            taken[span.start : span.end] = b"\1" * (span.end - span.start)
            found.append(span)
    return sorted(found, key=lambda span: span.start)


def mask(text: str) -> tuple[str, list[Span]]:
    """
    Put a placeholder for every value; also return the placeholders of the new text, none when nothing was found.

    It looks again until it finds nothing more, for a value may come free where its neighbour went: masking a masked
    text changes nothing.

    >>> mask("手机：13800001234，联系人林一舟")
    ('手机：<MOBILE>，联系人林一舟', [Span(kind='mobile', start=3, end=11)])
    """
    found = find_personal(text)
    if not found:
        return text, []
    while found:
        pieces: list[str] = []
        at = 0
        for kind, start, end in found:
            pieces += (text[at:start], PLACEHOLDERS[kind])
            at = end
        text = "".join([*pieces, text[at:]])
        found = find_personal(text)
    return text, placeholders(text)


def excerpt(text: str, chars: int = 60) -> str:
    """
    What a message may show of foreign text: masked, printable and at most `chars` code points long.

    >>> excerpt("text/html;\\x1b[2J 手机：13800001234")
    'text/html;\ufffd[2J 手机：<MOBILE>'
    """
    shown = mask(printable(text[: 4 * chars]))[0]
    return shown if len(shown) <= chars and len(text) <= 4 * chars else shown[: chars - 1] + "…"


def placeholders(text: str) -> list[Span]:
    """Placeholders in a masked text."""
    if "<" not in text:
        return []
    return [Span(match[1].lower(), *match.span()) for match in PLACEHOLDER.finditer(text)]


def mask_page(blocks: Iterable[Block], head: Head) -> None:
    """Mask every text of a page in place: its blocks, and what its head says in words."""
    for block in blocks:
        masked = _mask_line(block.text) if len(block.text) <= REPEATED_CHARS else mask(block.text)[0]
        if masked != block.text:
            block.text = masked
            block.link_chars = min(block.link_chars, len(masked))
    for name in ("title", "headline", "site_name", "description", "author", "source", "section"):
        value = getattr(head, name)
        if value:
            setattr(head, name, mask(value)[0])


@lru_cache(maxsize=16_384)
def _mask_line(text: str) -> str:
    return mask(text)[0]


def _candidates(text: str, in_a_row: bool) -> Iterator[Span]:
    """Everything that may be personal data in folded text, the surest kinds first."""
    if patterns.EMAIL_TRACE.search(text):
        yield from _emails(text)
    if in_a_row:
        # The numbers in a web address are the page's.
        outside = patterns.URL.sub(lambda match: " " * len(match[0]), text) if "://" in text or "www." in text else text
        yield from _codes(outside)
    if "址" in text or "ddress" in text:
        yield from _labelled_addresses(text)
    if "住" in text or "寄" in text or "送" in text:
        yield from (Span("address", *match.span(1)) for match in patterns.DOOR.finditer(text))


def _codes(text: str) -> list[Span]:
    """Numbers and identifiers: all kinds but e-mail and address."""
    numbers = patterns.NUMBER_TRACE.search(text) is not None
    found = [*_id_cards(text), *_bank_cards(text), *_mobiles(text)] if numbers else []
    if patterns.QQ_TRACE.search(text):
        found += _qq(text)
    if patterns.WECHAT_TRACE.search(text):
        found += _wechat(text)
    if numbers:
        found += _phones(text, found)
    found += _plates(text)
    return found


def _emails(text: str) -> Iterator[Span]:
    hash_means_at = "#" in text and patterns.HASH_MEANS_AT.search(text) is not None
    for sign in patterns.EMAIL_SIGN.finditer(text):
        if sign[0] == "#" and not hash_means_at:
            continue
        local = patterns.EMAIL_LOCAL.search(text, max(0, sign.start() - 64), sign.start())
        domain = patterns.EMAIL_DOMAIN.match(text, sign.end())
        if local and domain and domain[1].lower() not in patterns.FILE_ENDINGS:
            yield Span("email", local.start(), domain.end())


def _id_cards(text: str) -> Iterator[Span]:
    for match in patterns.ID_CARD.finditer(text):
        if is_id_number(match[0]):
            yield Span("id_card", *match.span())
    for match in patterns.OLD_ID_CARD.finditer(text):
        yield Span("id_card", *match.span(1))


def is_id_number(text: str) -> bool:
    """
    Whether 18 characters of a 公民身份号码 have the right last one (blanks and hyphens aside).

    Source: GB 11643-1999, ISO 7064 MOD 11-2.
    """
    digits = re.sub("[ -]", "", text).upper()
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(digits[:17]))
    return "10X98765432"[total % 11] == digits[17]


def _bank_cards(text: str) -> Iterator[Span]:
    for match in patterns.CARD_DIGITS.finditer(text):
        start, end = match.span(1)
        labelled = patterns.CARD_LABEL.search(text, max(0, start - 12), start)
        begins = patterns.CARD_BEGINS.match(text, start) and not _is_numbered(text, start)
        if (labelled or begins) and 16 <= sum(map(str.isdigit, match[1])) <= 19 and passes_luhn(match[1]):
            yield Span("bank_card", start, end)


def passes_luhn(text: str) -> bool:
    """
    Whether the digits of `text` pass the check of bank cards (ISO/IEC 7812-1, Luhn).

    >>> passes_luhn("4000 1234 5678 9017"), passes_luhn("4000 1234 5678 9018")
    (True, False)
    """
    digits = [int(character) for character in reversed(text) if character.isdigit()]
    return sum(digits[::2] + [digit * 2 - 9 * (digit > 4) for digit in digits[1::2]]) % 10 == 0


def _mobiles(text: str) -> Iterator[Span]:
    for match in patterns.MOBILE.finditer(text):
        span = Span("mobile", _without_bracket(match), match.end())
        if not _is_free(text, span.start) or _is_numbered(text, span.start):
            continue
        if patterns.COUNTED.match(text, span.end) or patterns.PHONE_LABELLED.search(
            text, max(0, span.start - 20), span.start
        ):
            yield span


def _phones(text: str, found: list[Span]) -> list[Span]:
    """Phone numbers by their form, by a label before them, and those that follow a number (`found`, mobiles too)."""
    spans = []
    for match in patterns.PHONE.finditer(text):
        start = _without_bracket(match)
        if _is_free(text, start) and 8 <= sum(map(str.isdigit, match[0])) <= 20:
            spans.append(Span("phone", start, match.end()))
    labelled = (match for match in patterns.LABELLED_PHONE.finditer(text) if not patterns.DATE.fullmatch(match[1]))
    spans += [Span("phone", *match.span(1)) for match in labelled]
    last = [span for span in found if span.kind == "mobile"] + spans
    while last:
        after = patterns.NEXT_PHONE.match(text, last.pop().end)
        if after and not patterns.DATE.fullmatch(after[1]):
            last.append(Span("phone", *after.span(1)))
            spans.append(last[-1])
    return spans


def _without_bracket(match: re.Match[str]) -> int:
    """Start of a number, past an opening bracket that does not close inside it."""
    opened = match[0][0] in "(（" and not re.search("[)）]", match[0])
    return match.start() + opened


def _is_free(text: str, start: int) -> bool:
    """Whether a number does not continue a word or a code: Tel13800001234 does not, ID13800001234 does."""
    before = text[start - 1 : start]
    return not (before.isascii() and before.isalpha()) or bool(patterns.GLUED.search(text, max(0, start - 8), start))


def _is_numbered(text: str, start: int) -> bool:
    """Whether what stands before says that the digits number a thing: 快递单号：13912345678."""
    return patterns.NUMBERED.search(text, max(0, start - 8), start) is not None


def _qq(text: str) -> Iterator[Span]:
    for match in patterns.QQ.finditer(text):
        yield Span("qq", *match.span(1))
        after: re.Match[str] | None = match
        while after and (after := patterns.NEXT_QQ.match(text, after.end())):
            yield Span("qq", *after.span(1))


def _wechat(text: str) -> Iterator[Span]:
    for match in patterns.WECHAT.finditer(text):
        add, label, joint, name = match.groups()
        mixed = re.search("[0-9_-]", name) is not None  # a plain word may be a name of something: 微信Windows版
        told = add or label[-1] not in "信tT" or joint.strip()
        before = max(0, match.start() - 4)
        if mixed or (len(label) > 1 and (told or patterns.WECHAT_CONTACT.search(text, before, match.start()))):
            yield Span("wechat", *match.span(4))


def _plates(text: str) -> Iterator[Span]:
    for match in patterns.PLATE.finditer(text):
        if sum(map(str.isdigit, match[0])) >= MIN_PLATE_DIGITS:
            yield Span("plate", *match.span())
    if "使" in text:
        yield from (Span("plate", *match.span(1)) for match in patterns.EMBASSY_PLATE.finditer(text))


def _labelled_addresses(text: str) -> Iterator[Span]:
    for label in patterns.ADDRESS_LABEL.finditer(text):
        if span := _address_after(text, label.end(), joined=bool(label[1])):
            yield span


def _address_after(text: str, start: int, *, joined: bool) -> Span | None:
    """Return the address that begins at `start`: one chunk, or two when the first ends before street and number."""
    end = start
    for _ in range(2):
        chunk = patterns.ADDRESS_CHUNK.match(text, end + (text[end : end + 1].isspace() and end > start))
        if chunk is None:
            break
        cut = patterns.NEXT_LABEL.search(chunk[0])
        end = chunk.start() + cut.start() if cut else chunk.end()
        if cut or patterns.ADDRESS_NUMBER.search(text, start, end):
            break
    numbered = patterns.ADDRESS_NUMBER.search(text, start, end)
    street = joined and patterns.ADDRESS_STREET.search(text, start, end)
    if end - start >= 5 and (numbered or street) and patterns.ADDRESS_PLACE.search(text, start, end):
        return Span("address", start, end)
    return None
