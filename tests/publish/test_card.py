import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from builder.publish.card import chinese, english, human_part, render
from builder.publish.features import CONFIGS, feature_of
from builder.publish.frontmatter import SIZES, front_matter, read_front_matter, size_category, yaml_features
from builder.publish.labels import LABEL_MEANINGS, ROLE_MEANINGS
from builder.publish.licences import LICENCES
from builder.publish.reasons import meaning
from builder.records import LABELS, ROLES
from tests.publish.conftest import Publish, article_row

ROOT = Path(__file__).parents[2]

#: What the Hub knows, of what concerns text (https://huggingface.co/docs/hub/datasets-cards): it shows nothing else.
HUB_TASKS = {
    "feature-extraction",
    "fill-mask",
    "question-answering",
    "sentence-similarity",
    "summarization",
    "text-classification",
    "text-generation",
    "text-ranking",
    "text-retrieval",
    "token-classification",
    "translation",
    "zero-shot-classification",
}
HUB_SIZES = {
    "n<1K",
    "1K<n<10K",
    "10K<n<100K",
    "100K<n<1M",
    "1M<n<10M",
    "10M<n<100M",
    "100M<n<1B",
    "1B<n<10B",
    "10B<n<100B",
    "100B<n<1T",
    "n>1T",
}


@pytest.fixture
def parts(good_release: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    manifest, stats = (json.loads((good_release / n).read_text("utf-8")) for n in ("manifest.json", "stats.json"))
    return manifest, stats


def test_every_published_column_stands_in_both_halves_of_the_card(good_release: Path) -> None:
    card = (good_release / "README.md").read_text("utf-8")
    chinese, _, english = card.partition("\n# English\n")
    for config in CONFIGS:
        for column in config.columns:
            assert f"| `{column.name}` | `{column.type}` | {column.zh} |" in chinese
            assert f"| `{column.name}` | `{column.type}` | {column.en} |" in english


def test_both_halves_have_the_same_sections_tables_and_code(good_release: Path) -> None:
    card = (good_release / "README.md").read_text("utf-8").partition("\n# ")[2]
    shapes = []
    for half in card.split("\n# English\n"):
        lines = [line for line in half.splitlines() if line.startswith(("#", "|", "```"))]
        shapes.append([(line.split(" ")[0], line.count("|")) for line in lines if not line.startswith("# ")])
    chinese, english = shapes
    assert [s for s in chinese if s[0] != "bridges"] == english


def test_every_reason_that_the_program_gives_is_explained() -> None:
    source = "".join(path.read_text("utf-8") for path in (ROOT / "builder").rglob("*.py"))
    given = set(re.findall(r'"((?:read|parse|label|article|dedupe|split|removal):[a-z-]+)"', source))
    given -= {"article:author", "article:section"}  # names of meta elements
    assert len(given) > 15
    for reason in (*given, "quality:script", "decontaminate:exam.jsonl"):
        assert meaning(chinese, reason)
        assert meaning(english, reason)


def test_every_role_and_label_is_explained() -> None:
    assert tuple(ROLE_MEANINGS) == ROLES
    assert tuple(LABEL_MEANINGS) == LABELS
    guideline = (ROOT / "data_cards/ROLES.md").read_text("utf-8")
    for role in ROLES:
        assert f"### `{role}`" in guideline


def test_the_features_in_the_card_are_those_of_the_files_also_for_datasets() -> None:
    from datasets import Features

    for config in CONFIGS:
        stated = yaml.safe_load(yaml.safe_dump(yaml_features(config)))
        files = {field.name: feature_of(field.name, field.type) for field in config.schema}
        assert Features._from_yaml_list(stated) == Features.from_dict(files)


def test_no_alias_stands_in_the_yaml(parts: tuple[dict[str, Any], dict[str, Any]]) -> None:
    assert "&id" not in front_matter(*parts)


def test_the_yaml_says_what_the_hub_asks(good_release: Path) -> None:
    front = read_front_matter((good_release / "README.md").read_text("utf-8"))
    assert front["license"] in LICENCES
    assert front["language"] == ["zh"]
    assert front["size_categories"] == ["n<1K"]
    assert set(front["task_categories"]) <= HUB_TASKS
    assert {name for _, name in SIZES} | {size_category(10**12)} <= HUB_SIZES
    assert [c["config_name"] for c in front["configs"] if c.get("default")] == ["articles"]
    assert [c["config_name"] for c in front["configs"]] == [c["config_name"] for c in front["dataset_info"]]


@pytest.mark.parametrize(
    "human",
    ["", "只有中文。", "<!-- en -->\nEnglish only.", "## 来历\n\n两段。\n\n第二段。\n<!-- en -->\n## Origin\n\nTwo.\n"],
)
def test_the_human_part_can_be_taken_out_and_put_in_again(parts: tuple[Any, Any], human: str) -> None:
    card = render(*parts, human)["README.md"]
    assert render(*parts, human_part(card))["README.md"] == card
    for text in human.partition("<!-- en -->")[::2]:
        assert text.strip() in card


def test_names_from_pages_cannot_break_the_tables(parts: tuple[Any, Any]) -> None:
    manifest, stats = parts
    stats["outlets"]["top"] = {"晚报|<script>*号*\n外": 3}
    assert r"| 晚报\|\<script\>\*号\* 外 | 3 | 10.0% |" in render(manifest, stats)["README.md"]


def test_months_become_years_when_there_are_many(parts: tuple[Any, Any]) -> None:
    manifest, stats = parts
    stats["published"]["months"] = {f"{year}-{month:02}": 2 for year in (2021, 2022, 2023) for month in range(1, 13)}
    picture = render(manifest, stats)["pictures/months.zh.svg"]
    assert "<desc>2021 24; 2022 24; 2023 24</desc>" in picture


def test_undated_articles_are_no_trouble(parts: tuple[Any, Any]) -> None:
    manifest, stats = parts
    stats["published"] = {"first": None, "last": None, "months": {}}
    files = render(manifest, stats)
    assert "| 发布时间 | 未知 |" in files["README.md"]
    assert "pictures/months.zh.svg" not in files


def test_weak_roles_are_named_and_intervals_shown_where_there_are_any(parts: tuple[Any, Any]) -> None:
    manifest, stats = parts
    labels = manifest["measured"]["labels"]
    labels["html"]["line_f1"] = {"title": 0.97, "caption": 0.5}
    labels["html"]["intervals"] = {"caption": [0.4, 0.6]}
    labels["html"]["lines"] = {"caption": 120}
    labels["dump"]["line_f1"] = {"title": 0.9}
    files = render(manifest, stats)
    assert "最常判错的角色（F1）：`caption` 0.50。" in files["README.md"]
    assert "| `caption` | 120 | 0.500 [0.400, 0.600] | — |" in files["README.md"]
    assert "95% 区间" in files["README.md"]
    assert 'class="sa"' in files["pictures/quality.en.svg"]


def test_every_picture_of_the_card_is_there_and_no_other(good_release: Path) -> None:
    card = (good_release / "README.md").read_text("utf-8")
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", card)
    assert len(shown) == 16  # eight in each language
    assert sorted(shown) == sorted(p.relative_to(good_release).as_posix() for p in good_release.glob("pictures/*"))


def test_a_release_with_the_least_still_has_a_card(publish_rows: Publish) -> None:
    lone = article_row(3, split="train", outlet=None, published_at=None, partial=True, lede=[], byline=[])
    result = publish_rows([lone])
    assert [name for name, rows in result.stats["rows"].items() if not rows] == [
        "headline",
        "summarization",
        "classification",
        "near_dup_pairs",
        "dropped",
    ]
    names = {path.name for path in (result.folder / "pictures").iterdir()}
    assert names == {f"{name}.{half}.svg" for name in CHARTED for half in ("zh", "en")}


CHARTED = ("funnel", "lengths", "sentences", "roles", "quality")


def test_a_release_over_another_says_what_it_adds(parts: tuple[Any, Any]) -> None:
    manifest, stats = parts
    assert "## 更新\n\n第一个版本。" in render(manifest, stats)["README.md"]
    older = {"name": "bridges", "version": "0.8.0", "pages": 12, "articles": 11, "logical_sha256": "cd" * 32}
    over = {"name": "bridges", "version": "0.9.0", "pages": 20, "articles": 18, "logical_sha256": "ab" * 32}
    manifest["over"] = over | {"over": older}
    card = render(manifest, stats)["README.md"]
    table = "| 1.0.0 | 33 | 30 |  |\n| 0.9.0 | 20 | 18 | `abababababababab` |\n| 0.8.0 | 12 | 11 | `cdcdcdcdcdcdcdcd` |"
    assert card.count(table) == 2
