"""
The dataset card, README.md: Chinese first, then the same in English.

Every number comes from `stats.json` and `manifest.json`; nothing is typed by hand. What only a person can say comes
from `data_cards/NAME.md`, whose Chinese and English halves are parted by a line `<!-- en -->`, and stands in the card
between marks, so that the card can be rendered again from the release alone.
"""

import re
from collections.abc import Mapping
from typing import Any

from builder.publish import card_data, card_method, card_review
from builder.publish.charts import Picture, pictures
from builder.publish.frontmatter import front_matter
from builder.publish.markdown import Say

HALVES = "<!-- en -->"


def chinese(zh: str, _: str) -> str:
    """Pick the Chinese wording."""
    return zh


def english(_: str, en: str) -> str:
    """Pick the English wording."""
    return en


#: The halves of the card, in order.
LANGUAGES: dict[str, Say] = {"zh": chinese, "en": english}


def render(manifest: Mapping[str, Any], stats: Mapping[str, Any], human: str = "") -> dict[str, str]:
    """Return the card and its pictures as the text of each file; `human` is the text of `data_cards/NAME.md`."""
    by_half = dict(zip(LANGUAGES, human.partition(HALVES)[::2], strict=True))
    drawn = {name: pictures(say, stats, manifest["measured"]) for name, say in LANGUAGES.items()}
    zh, en = (_half(name, by_half[name], manifest, stats, drawn[name]) for name in LANGUAGES)
    title = f"# {manifest['name']} {manifest['version']}"
    parts = [f"{title}\n\n[English](#english)", zh, "# English", en]
    files = {"README.md": front_matter(manifest, stats) + "\n" + "\n\n".join(parts) + "\n"}
    return files | {
        picture_path(name, language): picture.svg for language, made in drawn.items() for name, picture in made.items()
    }


def picture_path(name: str, language: str) -> str:
    """Return where a picture stands in a release."""
    return f"pictures/{name}.{language}.svg"


def human_part(readme: str) -> str:
    """Return the human part of a rendered card, as `render` takes it."""
    halves = dict(re.findall(r"^<!-- human (zh|en) -->\n(.*?)\n<!-- /human -->$", readme, re.DOTALL | re.MULTILINE))
    return f"{halves.get('zh', '')}\n{HALVES}\n{halves.get('en', '')}" if halves else ""


def _half(
    language: str,
    human: str,
    manifest: Mapping[str, Any],
    stats: Mapping[str, Any],
    drawn: Mapping[str, Picture],
) -> str:
    say = LANGUAGES[language]
    shown = {name: f"![{picture.alt}]({picture_path(name, language)})" for name, picture in drawn.items()}
    sections = [
        card_data.glance(say, manifest, stats),
        f"<!-- human {language} -->\n{human.strip()}\n<!-- /human -->" if human.strip() else "",
        card_data.load(say, manifest, stats),
        card_data.columns(say, stats),
        card_data.labels(say, stats, shown),
        card_data.sources(say, stats, shown),
        card_data.funnel(say, stats, shown),
        card_data.duplicates(say, manifest, stats, shown),
        card_data.lengths(say, stats, shown),
        card_data.learning(say, stats),
        card_method.quality(say, manifest["measured"]["labels"], stats, shown),
        card_review.review(say, manifest),
        card_method.splits(say, manifest, stats),
        card_method.privacy(say, manifest["measured"]["privacy"], stats["privacy"]),
        card_method.uses(say),
        card_method.limits(say, manifest["measured"]["labels"]),
        card_method.reproduce(say, manifest),
        card_method.changes(say, manifest, stats),
        card_method.citation(say, manifest),
    ]
    return "\n\n".join(section for section in sections if section)
