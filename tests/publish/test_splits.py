from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from builder.publish.shard_names import plan_shards, shard_name
from builder.publish.splits import SplitSettings, split_of

CLUSTERS = [f"{i:016x}" for i in range(10_000)]


def test_shares_hold_on_average() -> None:
    counts = Counter(split_of(cluster, SplitSettings()) for cluster in CLUSTERS)
    assert abs(counts["train"] - 8000) < 160
    assert abs(counts["validation"] - 1000) < 120
    assert abs(counts["test"] - 1000) < 120


def test_a_share_of_nothing_is_empty() -> None:
    assert {split_of(c, SplitSettings(train=1, validation=0, test=0)) for c in CLUSTERS} == {"train"}
    assert {split_of(c, SplitSettings(train=0, validation=0, test=1)) for c in CLUSTERS} == {"test"}
    assert {split_of(c, SplitSettings(train=0.9, validation=0.1, test=0)) for c in CLUSTERS} == {"train", "validation"}


def test_another_salt_divides_anew() -> None:
    moved = sum(split_of(c, SplitSettings()) != split_of(c, SplitSettings(salt="二")) for c in CLUSTERS)
    assert 3000 < moved < 3800  # 1 - (0.8² + 0.1² + 0.1²) = 0.34 of 10,000


def test_a_cluster_keeps_its_split_between_versions_of_the_program() -> None:
    # Written down once: a change here moves rows between the splits of every dataset ever published.
    splits = dict(enumerate(split_of(cluster, SplitSettings()) for cluster in CLUSTERS[:20]))
    assert {i: split for i, split in splits.items() if split != "train"} == {
        3: "validation",
        5: "validation",
        6: "validation",
        9: "validation",
        18: "validation",
    }


@given(st.integers(1, 10**7), st.integers(1, 10**5))
def test_shards_are_as_few_as_hold_the_articles_and_a_power_of_two(n: int, size: int) -> None:
    shards = plan_shards({"train": n}, size)["train"]
    assert shards & (shards - 1) == 0
    assert n <= shards * size
    assert shards == 1 or n > shards * size // 2


@given(st.text(min_size=1), st.integers(0, 6))
def test_doubling_the_shards_cuts_each_in_two(article: str, power: int) -> None:
    def number(shards: int) -> int:
        return int(shard_name("train", article, {"train": shards}).split("-")[1])

    assert number(2 << power) % (1 << power) == number(1 << power)
