"""Break a good sample at random: the same seed breaks it the same way."""

from collections.abc import Sequence
from random import Random
from typing import AnyStr

# Texts grow by repeats; longer ones show the same rules more slowly.
MAX_LENGTH = 20_000


def mutate(samples: Sequence[AnyStr], tokens: Sequence[AnyStr], random: Random) -> AnyStr:
    """
    Return one of the samples after some changes: cuts, repeats, moves, tokens put in, pieces of other samples.

    Args:
        samples: good input, text or bytes.
        tokens: what means something to the target: marks, tags, keywords, borders of numbers.
    """
    sample = random.choice(samples)
    # Most samples stay near a good one, since what is broken everywhere is refused at once.
    for _ in range(min(40, 1 + int(random.expovariate(0.35)))):
        sample = _change(sample, samples, tokens, random)
    return sample[:MAX_LENGTH]


def _change(sample: AnyStr, samples: Sequence[AnyStr], tokens: Sequence[AnyStr], random: Random) -> AnyStr:
    start = random.randrange(len(sample) + 1)
    end = min(len(sample), start + int(random.paretovariate(0.6)))
    piece = sample[start:end]
    match random.randrange(8):
        case 0:
            return sample[:start] + sample[end:]
        case 1:
            return sample[:start] + piece * random.choice((2, 3, 40)) + sample[end:]
        case 2:
            to = random.randrange(len(sample) + 1)
            return sample[:to] + piece + sample[to:]
        case 3 | 4:
            return sample[:start] + random.choice(tokens) + sample[start:]
        case 5:
            return sample[:start] + random.choice(tokens) + sample[end:]
        case 6:
            other = random.choice(samples)
            at = random.randrange(len(other) + 1)
            return sample[:start] + other[at : at + 1 + int(random.paretovariate(0.5))] + sample[end:]
        case _:
            return sample[:start] + _noise(sample, random) + sample[start + 1 :]


def _noise(like: AnyStr, random: Random) -> AnyStr:
    if isinstance(like, bytes):
        return bytes([random.randrange(256)])
    # One character of any kind: ASCII, Chinese and its marks, or any plane, lone surrogates too.
    low, high = random.choice(((0, 0x80), (0x2000, 0x3100), (0x4E00, 0x9FFF), (0xFF00, 0x10000), (0, 0x110000)))
    return chr(random.randrange(low, high))
