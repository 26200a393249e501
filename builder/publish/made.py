"""How a release says that it was made, as far as the checks of its rows go by it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from builder.dedup.settings import DedupSettings
from builder.publish.leaks import dedup_settings
from builder.tables import code_digest
from builder.words import WordSettings


class Made(NamedTuple):
    """
    What the manifest says of the build.

    Attributes:
        dedup: thresholds of near-duplicates.
        keywords: keywords of an article, at most.
        own_stop_words: words that are no keywords were named; they are no part of the release.
        by_this_code: by the code that checks: what its rules find in a text was found in it then.
    """

    dedup: DedupSettings
    keywords: int
    own_stop_words: bool
    by_this_code: bool


def made_of(manifest: Mapping[str, Any]) -> Made:
    """Return how the release with this manifest was made; `settings_faults` tells what is wrong with it."""
    words = manifest["settings"].get("words", {})
    return Made(
        dedup=dedup_settings(manifest),
        keywords=words.get("keywords", WordSettings().keywords) if words.get("tokens", True) else 0,
        own_stop_words=words.get("stop_words") is not None,
        by_this_code=manifest["pipeline"]["code_sha256"] == code_digest(),
    )
