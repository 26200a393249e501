"""
A page under the pencil: its blocks, what the rules see in them, and the roles given so far.
"""

from dataclasses import dataclass

from builder.label.hints import Scan, scan_lines
from builder.label.lines import Line, read_lines
from builder.label.running_text import line_weight
from builder.records import Block, Head, ParsedPage

#: The text of a WeChat post, whatever its lines look like: its authors like words alone. They weigh as half a sentence.
_POST, _OF_POST = "div#js_content", 0.6

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
    weights = [line_weight(line) for line in lines]
    for i, (line, block) in enumerate(zip(lines, page.blocks, strict=True)):
        if _POST in block.tag and not line.special and line.link < 0.5:
            weights[i] = max(weights[i], _OF_POST)
    return Sheet(page.head, page.blocks, scan, lines, weights, [None] * len(lines))
