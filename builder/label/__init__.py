"""
Roles of blocks: model over rule. The guideline is `data_cards/ROLES.md`.

`rules.py` judges a page by itself; a trained model (`model.py`) hears the rules and has the last word. `gold.py` lets
human verdicts, which the review page collects, win over both in a build. What is a copy of what is asked last, when the
roles are known.
"""

from builder.label.copies import mark_copies
from builder.label.model import judge_by_model, load_model
from builder.label.rules import judge_by_rule
from builder.records import ParsedPage

__all__ = ["label_blocks"]


def label_blocks(page: ParsedPage) -> None:
    """Set role, score, origin and dup_of of every block of the page, in place; by rule where there are no weights."""
    model = load_model()
    verdicts = judge_by_model(page, model) if model and page.blocks else judge_by_rule(page)
    for block, (role, score) in zip(page.blocks, verdicts, strict=True):
        block.role, block.score, block.origin = role, score, "model" if model else "rule"
    mark_copies(page.blocks)
