"""The section of the card on what people decided: how much, how far they agree, and how good the labeller was then."""

from collections.abc import Mapping
from typing import Any

from builder.publish.markdown import Say, number, table


def review(say: Say, manifest: Mapping[str, Any]) -> str:
    """Say what gold the release was built with; nothing when there was none."""
    gold = manifest.get("gold")
    if not gold:
        return ""
    used, lost = gold["corrections"] - len(gold["unmatched"]), len(gold["unmatched"])
    parts = [
        f"## {say('人工审校', 'Review by people')}",
        say(
            f"本版本套用了 {number(used)} 条人工判定；另有 {number(lost)} 条找不到对应的行，列在 `manifest.json`。",
            f"{number(used)} verdicts of people went into this release; {number(lost)} found no line any more and are "
            "listed in `manifest.json`.",
        ),
    ]
    if "agreement" in gold:
        parts += _figures(say, gold["agreement"])
    return "\n\n".join(parts)


def _figures(say: Say, told: Mapping[str, Any]) -> list[str]:
    agreement, labeller = told["agreement"], told["labeller"]
    parts = []
    if agreement["by_role"]:
        lines, pages = number(agreement["lines"]), number(agreement["pages"])
        alpha, kappa = _interval(agreement["alpha"]), _interval(agreement["kappa"])
        rows = [
            (f"`{role}`", number(found["n"]), _interval(found["alpha"]), _interval(found["kappa"]))
            for role, found in agreement["by_role"].items()
        ]
        parts += [
            say(
                f"{pages} 页 {lines} 行由两人以上各自判断：Krippendorff α {alpha}，Cohen κ {kappa}"
                "（95% 区间，按页自助法）。",
                f"{lines} lines of {pages} pages were judged by two people or more, unseen by each other: "
                f"Krippendorff's alpha {alpha}, Cohen's kappa {kappa} (95 % interval, bootstrap over pages).",
            ),
            table([say("角色", "role"), say("次数", "times given"), "α", "κ"], rows),
        ]
    if labeller["pages"]:
        accuracy = _interval(labeller["accuracy"])
        parts.append(
            say(
                f"在随机抽取并审校的 {number(labeller['pages'])} 页上，自动角色的准确率为 {accuracy}。",
                f"On {number(labeller['pages'])} pages drawn at random and reviewed, {accuracy} of the automatic roles "
                "were right.",
            )
        )
    return parts


def _interval(figure: Mapping[str, float | None]) -> str:
    if figure["value"] is None:
        return "—"
    return f"{figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"
