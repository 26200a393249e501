"""
One self-contained HTML page of a release: the pictures of its card, its numbers, and a browser of sample pages.

It works from disk and asks nothing of any other host, which its content security policy also forbids.
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template
from typing import Any

import pyarrow.parquet as pq

from builder.publish import stats
from builder.publish.card import LANGUAGES
from builder.publish.card_data import facts
from builder.publish.charts import pictures
from builder.publish.configs import Config
from builder.publish.documents import read_json
from builder.publish.features import ARTICLES, BLOCKS
from builder.publish.labels import ROLE_MEANINGS
from builder.publish.markdown import Say
from builder.publish.samples import SEED, sample_ids
from builder.records import LABEL_OF, ORIGINS, ROLES

#: Pages shown, drawn by SEED.
SAMPLES = 30

_FOLDER = Path(__file__).parent
_FIELDS = ("title", "subtitle", "byline", "editor", "outlet", "published_at", "category", "n_chars", "url", "source")


def render_page(folder: Path) -> str:
    """Return the page of the release in `folder`, its statistics counted anew; BuilderError when it is no release."""
    manifest = read_json(folder, "manifest.json")
    counted = stats.compute(folder)
    script = (_FOLDER / "page.js").read_text("utf-8")
    parts = {
        "title": escape(f"{manifest['name']} {manifest['version']}"),
        "style": (_FOLDER / "page.css").read_text("utf-8"),
        "script": script,
        "script_hash": base64.b64encode(sha256(script.encode()).digest()).decode(),
        "facts": _both(lambda say: _facts(facts(say, manifest, counted))),
        "pictures": _both(lambda say: "\n".join(_picture(p.svg) for p in _pictures(say, manifest, counted))),
        "roles": "\n".join(_role_button(role) for role in ROLES),
        "samples": "\n".join(_sample(*sample) for sample in _samples(folder)),
        "seed": escape(SEED),
    }
    return Template((_FOLDER / "page.html").read_text("utf-8")).substitute(parts)


def _pictures(say: Say, manifest: Mapping[str, Any], counted: Mapping[str, Any]) -> Iterable[Any]:
    return pictures(say, counted, manifest["measured"]).values()


def _picture(svg: str) -> str:
    return f"<figure>{svg}</figure>"


def _both(render: Any) -> str:
    """Return a part in both languages; the style sheet shows one of them."""
    return "\n".join(f'<div lang="{name}">{render(say)}</div>' for name, say in LANGUAGES.items())


def _facts(rows: Sequence[tuple[str, str]]) -> str:
    cells = (f"<div><dt>{escape(name)}</dt><dd>{escape(value.strip('`'))}</dd></div>" for name, value in rows)
    return f"<dl>{''.join(cells)}</dl>"


def _role_button(role: str) -> str:
    zh, en = ROLE_MEANINGS[role]
    return (
        f'<button type="button" data-role="{role}" class="{LABEL_OF[role]}-label" aria-pressed="true" '
        f'title="{escape(f"{zh} · {en}")}">{role}</button>'
    )


def _samples(folder: Path) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Return SAMPLES articles in the order drawn, each with the blocks of its page."""
    ids = sample_ids(folder, SAMPLES)
    articles = {row["article_id"]: row for row in _rows(folder, ARTICLES, ids, ["article_id", *_FIELDS])}
    blocks: dict[str, list[dict[str, Any]]] = {article_id: [] for article_id in ids}
    for row in _rows(folder, BLOCKS, ids, ["article_id", "index", "text", "role", "score", "origin", "dup_of"]):
        blocks[row["article_id"]].append(row)
    return [(articles[article_id], blocks[article_id]) for article_id in ids]


def _rows(folder: Path, config: Config, ids: Sequence[str], columns: list[str]) -> Iterable[dict[str, Any]]:
    for path in stats.files_of(folder, config):
        # Rows are sorted by article, so all but the row groups that may hold one of the ids are passed over.
        yield from pq.read_table(path, columns=columns, filters=[("article_id", "in", list(ids))]).to_pylist()


def _sample(article: Mapping[str, Any], blocks: Sequence[Mapping[str, Any]]) -> str:
    fields = [(name, article[name]) for name in _FIELDS if article[name] not in (None, [])]
    rows = "".join(f"<div><dt>{name}</dt><dd>{escape(_text(value))}</dd></div>" for name, value in fields)
    lines = "\n".join(_block(block) for block in blocks)
    return (
        f'<article class="sample" data-id="{escape(article["article_id"])}">\n<h3>{escape(article["title"])}</h3>\n'
        f"<dl>{rows}</dl>\n<ol>\n{lines}\n</ol>\n</article>"
    )


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _block(block: Mapping[str, Any]) -> str:
    role = ROLES[block["role"]]
    copy = f' <span class="copy">= {block["dup_of"]}</span>' if block["dup_of"] is not None else ""
    about = f"{ORIGINS[block['origin']]} {block['score']:.2f}"
    return (
        f'<li value="{block["index"]}" data-role="{role}" class="block {LABEL_OF[role]}-label">'
        f'<span class="role" title="{about}">{role}</span><span class="words">{escape(block["text"])}{copy}</span></li>'
    )
