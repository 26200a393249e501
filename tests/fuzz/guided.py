"""
`python -m tests.fuzz.guided TARGET [options of libFuzzer]`: the same targets, guided by coverage; needs `atheris`.

atheris has wheels for some Pythons and Linux alone, so that it is no dependency: `pip install atheris`.
"""

import sys
import tempfile
from pathlib import Path


def main() -> None:
    """Fuzz one target, beginning with its good samples, until it breaks or libFuzzer's limits are reached."""
    import atheris

    with atheris.instrument_imports(include=["builder"]):
        from tests.fuzz.__main__ import raw_of
        from tests.fuzz.targets import TARGETS

    target = TARGETS[sys.argv[1]]
    text = isinstance(target.tokens[0], str)

    def run(raw: bytes) -> None:
        target.run(raw.decode("utf-8", errors="replace") if text else raw)

    corpus = Path(tempfile.mkdtemp(prefix="zhnews-corpus-"))
    for number, sample in enumerate(target.samples()):
        (corpus / f"{number:04}").write_bytes(raw_of(sample))
    atheris.Setup([sys.argv[0], str(corpus), *sys.argv[2:]], run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
