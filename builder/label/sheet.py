"""
A page under the pencil: its blocks, what the rules see in them, and the roles given so far.
"""

from dataclasses import dataclass

from builder.label.hints import Scan, scan_lines
from builder.label.lines import Line, read_lines
from builder.label.running_text import line_weight
from builder.records import Block, Head, ParsedPage

#: Role and score.
Verdict = tuple[str, float]


@dataclass(slots=True)
class Sheet:
    """One entry a block in each list. A verdict is None until a rule has spoken; the first rule to speak is right."""

    head: Head
    blocks: list[Block]
    scan: Scan
    lines: list[Line]
    weights: list[float]
    verdicts: list[Verdict | None]

    def give(self, i: int, role: str, score: float) -> None:
        """Give block `i` a role unless it has one."""
        if self.verdicts[i] is None:
            self.verdicts[i] = (role, score)

    def role(self, i: int) -> str:
        """Role of block `i`; empty when it has none yet or there is no such block."""
        verdict = self.verdicts[i] if 0 <= i < len(self.verdicts) else None
        return verdict[0] if verdict else ""


def read_sheet(page: ParsedPage) -> Sheet:
    """Look at every block of the page once."""
    scan = scan_lines([block.text for block in page.blocks])
    lines = read_lines(page.blocks, scan.hints)
    return Sheet(page.head, page.blocks, scan, lines, [line_weight(line) for line in lines], [None] * len(lines))
