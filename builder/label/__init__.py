"""
Roles of blocks: gold over model over rule. The guideline is `data_cards/ROLES.md`.

`rules.py` judges a page by itself; a trained model will judge it beside the rules and win where both speak; a human
verdict (`gold.py`) wins over both. What is a copy of what is asked last, when the roles are known.
"""

from builder.label.copies import mark_copies
from builder.label.rules import judge_by_rule
from builder.records import ParsedPage

__all__ = ["label_blocks"]


def label_blocks(page: ParsedPage) -> None:
    """Set role, score, origin and dup_of of every block of the page, in place."""
    for block, (role, score) in zip(page.blocks, judge_by_rule(page), strict=True):
        block.role, block.score, block.origin = role, score, "rule"
    mark_copies(page.blocks)
