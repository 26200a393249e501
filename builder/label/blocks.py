"""Roles of the blocks of a page: model over rule."""

from builder.label.copies import mark_copies
from builder.label.model import judge_by_model, load_model
from builder.label.rules import judge_by_rule
from builder.records import ParsedPage


def label_blocks(page: ParsedPage) -> None:
    """Set role, score, origin and dup_of of every block of the page, in place; by rule where there are no weights."""
    model = load_model()
    verdicts = judge_by_model(page, model) if model and page.blocks else judge_by_rule(page)
    for block, (role, score) in zip(page.blocks, verdicts, strict=True):
        block.role, block.score, block.origin = role, score, "model" if model else "rule"
    mark_copies(page.blocks)
