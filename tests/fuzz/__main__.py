"""
`python -m tests.fuzz [-n EXECUTIONS] [--seed SEED] [TARGET …]`: break samples at random and try them.

Each finding is written to `tests/fuzz/cases/TARGET/`, one for each place in the code that raised; exit 1 when there was
any. The sample in hand is kept in `/tmp/zhnews-fuzz-TARGET`, for the case that it kills the process itself.
"""

import argparse
import sys
import tempfile
import time
import traceback
from collections import Counter
from hashlib import sha256
from pathlib import Path
from random import Random

from tests.fuzz.mutate import mutate
from tests.fuzz.targets import TARGETS, Sample

CASES = Path(__file__).with_name("cases")
SLOW_S = 2.0  # CPU seconds of one sample: no finding, but named


def raw_of(sample: Sample) -> bytes:
    """The bytes of a case file."""
    return sample if isinstance(sample, bytes) else sample.encode("utf-8", errors="surrogatepass")


def place_of(error: BaseException) -> str:
    """Where in the code an error came from: one finding a place."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/builder/" in frame.filename] or frames[-1:]
    return f"{type(error).__name__} {Path(ours[-1].filename).name}:{ours[-1].lineno}"


def write_case(name: str, raw: bytes) -> None:
    """Keep a sample that broke its target, for every later run of the tests."""
    case = CASES / name / sha256(raw).hexdigest()[:12]
    case.parent.mkdir(parents=True, exist_ok=True)
    case.write_bytes(raw)


def fuzz(name: str, executions: int, seed: int, *, keep: bool = True) -> Counter[str]:
    """Try so many samples of one target; return findings by place, and print what it took. `keep` writes case files."""
    target = TARGETS[name]
    samples, tokens = target.samples(), target.tokens
    found: Counter[str] = Counter()
    slowest, slowest_number = 0.0, 0
    begin = time.process_time()
    with Path(tempfile.gettempdir(), f"zhnews-fuzz-{name}").open("wb", buffering=0) as in_hand:
        for number in range(executions):
            sample = mutate(samples, tokens, Random(f"{seed} {name} {number}"))  # noqa: S311
            if keep:
                in_hand.seek(0)
                in_hand.truncate()
                in_hand.write(raw_of(sample))
            start = time.process_time()
            try:
                target.run(sample)
            except Exception as error:
                place = place_of(error)
                if place not in found:
                    traceback.print_exc()
                    print(f"FOUND {name} sample {number}: {place}", flush=True)
                    if keep:
                        write_case(name, raw_of(sample))
                found[place] += 1
            took = time.process_time() - start
            if took > slowest:
                slowest, slowest_number = took, number
                if took > SLOW_S:
                    print(f"SLOW {name} sample {number}: {took:.1f} s", flush=True)
    seconds = time.process_time() - begin
    print(
        f"{name:11} seed {seed} {executions:9} samples {seconds:7.0f} s  slowest {slowest * 1000:6.0f} ms "
        f"(sample {slowest_number})  findings {sum(found.values())} in {len(found)} places",
        flush=True,
    )
    return found


def main() -> None:
    """Run the targets named, or all, by their shares."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("-n", "--executions", type=int, default=100_000, help="of all targets together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    given = parser.parse_args()
    names = given.targets or list(TARGETS)
    shares = sum(TARGETS[name].share for name in names)
    found = [fuzz(name, given.executions * TARGETS[name].share // shares, given.seed) for name in names]
    sys.exit(any(found))


if __name__ == "__main__":
    main()
