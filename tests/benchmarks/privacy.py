#!/usr/bin/env python3
r"""
Recall and precision of personal data by kind, beside Presidio and a plain `\b` regex, on `tests/cases/privacy.jsonl`.

    python tests/benchmarks/privacy.py [--misses] [--write]

`--write` puts our figures into `builder/privacy_scores.json`, from where they come into the card of every release.

A value counts when its span is right to the character. Peers are given the benefit of the doubt: any span that
overlaps a value is right, whatever they call it. Presidio runs with its pattern recognisers alone (its names and places
come from a language model); where it is not installed the table says so: pip install presidio-analyzer
"""

import argparse
import importlib.metadata
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from builder.privacy import KINDS, find_personal

SCORES = Path(__file__).parents[2] / "builder" / "privacy_scores.json"
CASES = Path(__file__).parents[1] / "cases" / "privacy.jsonl"
Found = list[tuple[str, int, int]]

#: What a search for "regex phone email id card" gives, word borders and all.
PLAIN = {
    "mobile": r"\b1[3-9]\d{9}\b",
    "phone": r"\b0\d{2,3}-\d{7,8}\b",
    "email": r"\b[\w.+-]+@[\w-]+\.[\w.-]+\b",
    "id_card": r"\b\d{17}[\dXx]\b",
    "bank_card": r"\b\d{16,19}\b",
    "plate": r"\b[\u4e00-\u9fa5][A-Z][A-Z0-9]{5}\b",
    "qq": r"\bQQ[:：]?\d{5,11}\b",
}


def ours(text: str) -> Found:
    """Spans of `find_personal`."""
    return [(span.kind, span.start, span.end) for span in find_personal(text)]


def plain(text: str) -> Found:
    """Spans of the plain regex."""
    return [(kind, *match.span()) for kind, pattern in PLAIN.items() for match in re.finditer(pattern, text)]


def presidio() -> Callable[[str], Found]:
    """Presidio's own pattern recognisers."""
    from presidio_analyzer.predefined_recognizers import (
        CreditCardRecognizer,
        EmailRecognizer,
        IbanRecognizer,
        PhoneRecognizer,
    )

    recognizers: list[Any] = [
        CreditCardRecognizer(),
        EmailRecognizer(),
        IbanRecognizer(),
        PhoneRecognizer(supported_regions=("CN", "US", "GB")),
    ]

    def find(text: str) -> Found:
        results = [r for one in recognizers for r in one.analyze(text, one.supported_entities, None) or ()]
        return [(r.entity_type, r.start, r.end) for r in results if r.score >= 0.4]

    return find


def spans_of(row: dict[str, Any]) -> Found:
    """Place of each wanted value in its text."""
    spans, at = [], Counter[str]()
    for want in row["want"]:
        start = row["text"].index(want["text"], at[want["text"]])
        at[want["text"]] = start + 1
        spans.append((want["kind"], start, start + len(want["text"])))
    return spans


def score(rows: list[dict[str, Any]], find: Callable[[str], Found], *, lenient: bool, misses: bool) -> dict[str, Any]:
    """Recall by kind and over all, precision over all and by kind (where kinds are told), seconds."""
    right, wanted, found, true = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    started = time.process_time()
    answers = [find(row["text"]) for row in rows]
    seconds = time.process_time() - started
    for row, got in zip(rows, answers, strict=True):
        want = spans_of(row)
        for span in want:
            wanted[span[0]] += 1
            right[span[0]] += span in got or (lenient and any(g[1] < span[2] and span[1] < g[2] for g in got))
        for span in got:
            found[span[0]] += 1
            true[span[0]] += span in want or (lenient and any(w[1] < span[2] and span[1] < w[2] for w in want))
        if misses and set(got) != set(want):
            print(f"{row['text']}\n    want {want}\n    got  {got}")
    return {"right": right, "wanted": wanted, "found": found, "true": true, "seconds": seconds}


def scores_of(scored: dict[str, Any], lines: int) -> dict[str, Any]:
    """Return our figures as `privacy_scores.json` holds them."""
    right, wanted, found = scored["right"], scored["wanted"], scored["found"]
    kinds = {
        kind: {
            "n": wanted[kind],
            "recall": round(right[kind] / wanted[kind], 4),
            "precision": round(right[kind] / max(1, found[kind]), 4),
        }
        for kind in KINDS
    }
    return {"lines": lines, "kinds": kinds}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--misses", action="store_true", help="print the cases where ours is wrong")
    parser.add_argument("--write", action="store_true", help=f"write {SCORES.name}")
    arguments = parser.parse_args()
    rows = [json.loads(line) for line in CASES.open("rb")]
    systems: dict[str, Any] = {"zhnews": score(rows, ours, lenient=False, misses=arguments.misses)}
    systems[r"plain \b regex"] = score(rows, plain, lenient=True, misses=False)
    try:
        name = f"presidio {importlib.metadata.version('presidio-analyzer')}"
        systems[name] = score(rows, presidio(), lenient=True, misses=False)
    except ImportError as why:
        print(f"presidio: not run: {why}")
    ours_ = systems["zhnews"]
    print(f"{len(rows)} lines, {sum(not row['want'] for row in rows)} of them without personal data\n")
    print(f"{'recall':12}{'n':>5}  " + "  ".join(f"{name:>16}" for name in systems) + f"  {'zhnews precision':>16}")
    for kind in KINDS:
        recalls = "  ".join(f"{s['right'][kind] / s['wanted'][kind]:16.3f}" for s in systems.values())
        precision = ours_["true"][kind] / max(1, ours_["found"][kind])
        print(f"{kind:12}{ours_['wanted'][kind]:5}  {recalls}  {precision:16.3f}")
    for what, part, whole in (("recall", "right", "wanted"), ("precision", "true", "found")):
        figures = "  ".join(f"{s[part].total() / max(1, s[whole].total()):16.3f}" for s in systems.values())
        print(f"{what:17}  {figures}")
    if arguments.write:
        SCORES.write_text(json.dumps(scores_of(ours_, len(rows)), indent=1) + "\n", "utf-8")
    print(f"{'CPU ms':17}  " + "  ".join(f"{1000 * s['seconds']:16.1f}" for s in systems.values()))


if __name__ == "__main__":
    main()
