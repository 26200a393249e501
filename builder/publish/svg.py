"""
Charts as SVG text: bars, columns, a funnel, dots with intervals. The same numbers give the same bytes.

A picture stands on a ground of its own and follows the reader's light or dark mode, so it reads well wherever a card
is shown; title and description are for those who listen to it. Widths of text are estimated, since there is no font
here: a Chinese character is one em, any other .56.
"""

from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

WIDTH = 760
_PAD = 16
_SIZE = 13  # of text, px
_ROW = 24
_HEAD = 26  # room for the title
_WIDEST = 96  # of a column
_FONT = "system-ui,'PingFang SC','Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','Microsoft YaHei',sans-serif"

# Hues of Okabe and Ito 2008, told apart by colour-blind readers, darkened on light and lightened on dark ground.
_STYLE = (
    f"text{{font:{_SIZE}px {_FONT};fill:#1f2328}}.title{{font-weight:600}}"
    ".ground{fill:#fff}.soft{fill:#59636e}.line{stroke:#c4cbd3}.ink{stroke:#1f2328}"
    ".a{fill:#0b6aa8}.b{fill:#c2570c}.c{fill:#1a7f5a}.d{fill:#a3478a}.e{fill:#7d8590}"
    ".sa{stroke:#0b6aa8}.sb{stroke:#c2570c}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}"
    ".ground{fill:#161b22}.soft{fill:#9ea7b3}.line{stroke:#3d444d}.ink{stroke:#e6edf3}"
    ".a{fill:#58a6e0}.b{fill:#f0883e}.c{fill:#3fb68b}.d{fill:#d287bd}.e{fill:#7d8590}"
    ".sa{stroke:#58a6e0}.sb{stroke:#f0883e}}"
)


class Bar(NamedTuple):
    """A bar: what it is of, how long it is, what stands behind it, its hue (a to e), and where it begins."""

    label: str
    value: float
    text: str
    hue: str = "a"
    start: float = 0


class Dot(NamedTuple):
    """A value between 0 and 1 with its interval, where there is one; `hue` a or b."""

    value: float
    interval: tuple[float, float] | None
    hue: str


def bars(title: str, desc: str, rows: Sequence[Bar], legend: Sequence[tuple[str, str]] = ()) -> str:
    """Horizontal bars, one below the other, from zero or from where each begins; `legend` gives (hue, meaning)."""
    left = _PAD + max(text_width(row.label) for row in rows) + 10
    right = max(text_width(row.text) for row in rows) + 10
    scale = (WIDTH - _PAD - left - right) / (max(row.start + row.value for row in rows) or 1)
    top = _PAD + (_ROW if legend else 0)
    parts = [*_legend(left, legend), _axis(left, top, left, top + _ROW * len(rows))]
    for n, row in enumerate(rows):
        y = top + _ROW * n
        x, width = left + row.start * scale, max(row.value * scale, 1.5 if row.value else 0)
        parts.append(_text(left - 8, y + 16, row.label, "end"))
        parts.append(_rect(x, y + 4, width, _ROW - 8, row.hue))
        parts.append(_text(x + width + 6, y + 16, row.text, "start", "soft"))
    return _picture(title, desc, parts, top + _PAD + _ROW * len(rows))


def columns(title: str, desc: str, counts: Sequence[tuple[str, int]], unit: str) -> str:
    """Vertical columns side by side, each with its count; `unit` says what their labels are."""
    top, height = _PAD + 18, 170
    step = min((WIDTH - 2 * _PAD) / len(counts), _WIDEST)
    scale = height / (max(n for _, n in counts) or 1)
    foot = top + height
    parts = [_axis(_PAD, foot, WIDTH - _PAD, foot)]
    every = -(-int(max(text_width(label) for label, _ in counts) + 8) // max(int(step), 1))
    counted = max(text_width(f"{n:,}") for _, n in counts) + 2 <= step
    for i, (label, n) in enumerate(counts):
        x, tall = _PAD + step * i, max(n * scale, 1.5 if n else 0)
        parts.append(_rect(x + step * 0.08, foot - tall, step * 0.84, tall, "a"))
        if n and counted:
            parts.append(_text(x + step / 2, foot - tall - 5, f"{n:,}", "middle", "soft"))
        if i % every == 0:
            parts.append(_text(x + step / 2, foot + 18, label, "middle"))
    parts.append(_text(_PAD, foot + 38, unit, "start", "soft"))
    return _picture(title, desc, parts, foot + 38 + _PAD)


def dots(title: str, desc: str, rows: Sequence[tuple[str, Sequence[Dot]]], legend: Sequence[tuple[str, str]]) -> str:
    """Values between 0 and 1 on one scale, several a row, with their intervals; `legend` gives (hue, meaning)."""
    left = _PAD + max(text_width(label) for label, _ in rows) + 14
    scale, top = WIDTH - _PAD - 14 - left, _PAD + _ROW
    foot = top + _ROW * len(rows)
    parts = _legend(left, legend)
    for tenth in range(0, 11, 2):
        x = left + scale * tenth / 10
        parts += [_axis(x, top, x, foot), _text(x, foot + 17, f"{tenth / 10:.1f}", "middle", "soft")]
    for n, (label, values) in enumerate(rows):
        parts.append(_text(left - 10, top + _ROW * n + 16, label, "end"))
        for i, dot in enumerate(values):
            y = top + _ROW * (n + (i + 1) / (len(values) + 1))
            if dot.interval:
                low, high = (left + scale * end for end in dot.interval)
                parts.append(_line(low, y, high, y, f"s{dot.hue}", 2))
            parts.append(_circle(left + scale * dot.value, y, dot.hue))
    return _picture(title, desc, parts, foot + 22 + _PAD)


def text_width(text: str) -> float:
    """Estimate the width of a text in px."""
    return sum(_SIZE if ord(character) >= 0x2E80 else _SIZE * 0.56 for character in text)


def _legend(left: float, legend: Sequence[tuple[str, str]]) -> list[str]:
    parts = []
    for hue, meaning in legend:
        parts += [_circle(left + 5, _PAD + 2, hue), _text(left + 15, _PAD + 7, meaning, "start", "soft")]
        left += 15 + text_width(meaning) + 24
    return parts


def _picture(title: str, desc: str, parts: Iterable[str], height: float) -> str:
    tall = round(height) + _HEAD
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {tall}" width="{WIDTH}" height="{tall}" '
        f'role="img" aria-label="{escape(title)}">'
    )
    body = [f"<title>{escape(title)}</title>", f"<desc>{escape(desc)}</desc>", f"<style>{_STYLE}</style>"]
    heading = _text(_PAD, _PAD + 8, title, "start", "title")
    drawn = [_rect(0, 0, WIDTH, tall, "ground", 8), heading, f'<g transform="translate(0,{_HEAD})">', *parts, "</g>"]
    return "\n".join([head, *body, *drawn, "</svg>\n"])


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _rect(x: float, y: float, width: float, height: float, hue: str, radius: int = 2) -> str:
    place = " ".join(
        f'{name}="{_number(value)}"' for name, value in (("x", x), ("y", y), ("width", width), ("height", height))
    )
    return f'<rect class="{hue}" {place} rx="{radius}"/>'


def _circle(x: float, y: float, hue: str) -> str:
    return f'<circle class="{hue}" cx="{_number(x)}" cy="{_number(y)}" r="4"/>'


def _axis(x1: float, y1: float, x2: float, y2: float) -> str:
    return _line(x1, y1, x2, y2, "line", 1)


def _line(x1: float, y1: float, x2: float, y2: float, hue: str, width: int) -> str:
    ends = " ".join(f'{name}="{_number(v)}"' for name, v in (("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2)))
    return f'<line class="{hue}" {ends} stroke-width="{width}"/>'


def _text(x: float, y: float, text: str, anchor: str, hue: str = "") -> str:
    kind = f' class="{hue}"' if hue else ""
    return f'<text{kind} x="{_number(x)}" y="{_number(y)}" text-anchor="{anchor}">{escape(text)}</text>'
