"""
The traps that `zhnews verify` must see, each set in a good release.

    python -m tests.publish.traps    →  the table: trap, how the release was broken, what was told

Where everything else was made to agree (see `mutations`), it says so.
"""

import shutil
import tempfile
from pathlib import Path

from builder.publish.faults import Fault
from builder.publish.verify import verify
from tests.publish.conftest import make_rows, publish_into
from tests.publish.mutations import Mutation
from tests.publish.traps_in_files import IN_FILES
from tests.publish.traps_in_rows import IN_ROWS

TRAPS = (*IN_FILES, *IN_ROWS)


def caught(faults: list[Fault], mutation: Mutation) -> Fault | None:
    """The fault that a mutation must give."""
    at = (f for f in faults if f.where.startswith(mutation.where) and mutation.told in f.what)
    return next(at, None)


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as made:
        good = publish_into(Path(made) / "good", make_rows(), shard_articles=8).folder
        print("| trap | broken by | all else agrees | told |\n|---|---|---|---|")
        missed = 0
        for number, trap in enumerate(TRAPS):
            release = Path(shutil.copytree(good, Path(made) / str(number)))
            trap.change(release)
            found = caught(verify(release), trap)
            shutil.rmtree(release)
            missed += found is None
            cells = trap.trap, trap.how, "yes" if trap.agrees else "", str(found or "NOT CAUGHT")
            print(f"| {' | '.join(cell.replace('|', '∣').replace(made, '')[:160] for cell in cells)} |")
    print(f"\n{len(TRAPS)} traps, {missed} not caught")


if __name__ == "__main__":
    main()
