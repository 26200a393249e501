"""
Bridges to other tools: Label Studio JSON, doccano JSONL and CoNLL, each a page as lines with a role or none.

All three label spans of a text; the text of a page is its lines joined by line breaks, and a line is a span. Label
Studio counts UTF-16 code units, as its browser does; doccano counts code points; CoNLL has a character a row, so that a
space is a row too, and an empty row between lines.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from builder.errors import BuilderError
from builder.records import ROLES


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """A page outside of the store: its lines, and the role of each, None where nobody said."""

    page_id: str
    lines: tuple[str, ...]
    roles: tuple[str | None, ...]


def to_label_studio(pages: Iterable[LabelledPage]) -> str:
    """Tasks with one annotation each, for a project whose `<Labels name="role" toName="text">` are the roles."""
    tasks = []
    for page in pages:
        result = [
            {
                "from_name": "role",
                "to_name": "text",
                "type": "labels",
                "value": {"start": start, "end": end, "text": line, "labels": [role]},
            }
            for (start, end), line, role in zip(_spans(page.lines, _utf16), page.lines, page.roles, strict=True)
            if role is not None
        ]
        data = {"text": "\n".join(page.lines), "page_id": page.page_id}
        tasks.append({"data": data, "annotations": [{"result": result}]})
    return json.dumps(tasks, ensure_ascii=False, indent=1) + "\n"


def from_label_studio(source: str) -> list[LabelledPage]:
    """Read an export in the JSON format; of several annotations of a task the last counts, relations are left out."""
    tasks = _json(source, "the file")
    if not isinstance(tasks, list):
        raise BuilderError("a Label Studio export is a list of tasks; export with the format JSON, not JSON-MIN")
    pages = []
    for number, task in enumerate(tasks, 1):
        try:
            text, page_id = task["data"]["text"], task["data"]["page_id"]
            results = task["annotations"][-1]["result"] if task["annotations"] else []
            spans = [
                (one["value"]["start"], one["value"]["end"], one["value"]["labels"][0])
                for one in results
                if one["type"] == "labels"
            ]
        except (KeyError, TypeError, IndexError) as error:
            raise BuilderError(f"task {number} lacks {error}; export with the format JSON, not JSON-MIN") from error
        pages.append(_page(page_id, text, spans, _utf16, f"task {number}"))
    return pages


def to_doccano(pages: Iterable[LabelledPage]) -> str:
    """A JSON object a line, for a project of sequence labelling."""
    rows = []
    for page in pages:
        spans = zip(_spans(page.lines, len), page.roles, strict=True)
        label = [[start, end, role] for (start, end), role in spans if role is not None]
        rows.append({"text": "\n".join(page.lines), "label": label, "page_id": page.page_id})
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def from_doccano(source: str) -> list[LabelledPage]:
    """Read an export in the JSONL format; metadata stands in the row itself, or under `meta` in older versions."""
    pages = []
    for number, line in enumerate(source.splitlines(), 1):
        row = _json(line, f"line {number}")
        try:
            page_id = row.get("page_id") or row["meta"]["page_id"]
            spans = [(start, end, role) for start, end, role in row.get("label", row.get("labels"))]
            pages.append(_page(page_id, row["text"], spans, len, f"line {number}"))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BuilderError(f"line {number} is no row of doccano's JSONL: {error!r} is wrong or missing") from error
    return pages


def to_conll(pages: Iterable[LabelledPage]) -> str:
    """Rows of character, tab and BIO tag; a comment names each page, an empty row ends each line."""
    rows = []
    for page in pages:
        rows.append(f"# page_id = {page.page_id}\n")
        for line, role in zip(page.lines, page.roles, strict=True):
            tags = [f"{'I' if place else 'B'}-{role}" if role else "O" for place in range(len(line))]
            rows += [f"{character}\t{tag}\n" for character, tag in zip(line, tags, strict=True)]
            rows.append("\n")
    return "".join(rows)


def from_conll(source: str) -> list[LabelledPage]:
    """Read what `to_conll` wrote and people changed; a line has the role of most of its characters."""
    pages: list[tuple[str, list[str], list[str | None]]] = []
    rows = source.split("\n")  # a line of a page may hold U+2028, which splitlines would cut at
    for number, row in enumerate(rows, 1):
        if row.startswith("# page_id = "):
            pages.append((row.removeprefix("# page_id = ").strip(), [], []))
        elif row and not pages:
            raise BuilderError("line 1 should name a page: # page_id = …")
        elif row and "\t" not in row:
            raise BuilderError(f"line {number} is not a character, a tab and a tag")
    page = -1
    for is_row, group in groupby(rows, key=lambda row: "\t" in row):
        if not is_row:
            page += sum(row.startswith("# page_id = ") for row in group)
            continue
        pairs = [row.rsplit("\t", 1) for row in group]
        roles = [tag[2:] if tag != "O" else None for _, tag in pairs]
        pages[page][1].append("".join(character for character, _ in pairs))
        pages[page][2].append(max(roles, key=roles.count))
    return [LabelledPage(page_id, tuple(lines), _checked(roles, page_id)) for page_id, lines, roles in pages]


def _utf16(text: str) -> int:
    """Length in UTF-16 code units: what JavaScript calls length."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _spans(lines: Sequence[str], length: Any) -> Iterator[tuple[int, int]]:
    start = 0
    for line in lines:
        end = start + length(line)
        yield start, end
        start = end + 1


def _page(page_id: str, text: str, spans: Sequence[tuple[int, int, str]], length: Any, place: str) -> LabelledPage:
    """Give each line of the text the role of the span that covers most of it."""
    lines = text.split("\n")
    roles: list[str | None] = []
    for start, end in _spans(lines, length):
        covered = {
            role: min(end, span_end) - max(start, span_start)
            for span_start, span_end, role in spans
            if span_start < end and start < span_end
        }
        roles.append(max(covered, key=lambda role: covered[role]) if covered else None)
    return LabelledPage(page_id, tuple(lines), _checked(roles, place))


def _checked(roles: Sequence[str | None], place: str) -> tuple[str | None, ...]:
    for role in roles:
        if role is not None and role not in ROLES:
            raise BuilderError(f"{place} has role {role!r}; roles are {', '.join(ROLES)}")
    return tuple(roles)


def _json(source: str, place: str) -> Any:
    try:
        return json.loads(source)
    except json.JSONDecodeError as error:
        raise BuilderError(f"{place} is not JSON: {error.msg}, line {error.lineno}") from error
