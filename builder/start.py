"""What a process of ours does before it imports anything heavy."""

import gc
import sys
from collections.abc import Sequence
from types import ModuleType

#: Objects that are made and not freed again before Python looks for cycles among them. At 700, its own figure, it looks
#: 70 times while the rows of one table of pages are gathered, finds none, and takes .2 of 9 ms a page; at 50,000, .08.
OBJECTS_A_COLLECTION = 50_000


def start_process() -> None:
    """Set up a process that is ours alone: without pandas, and without looking for cycles all the time."""
    leave_pandas_out()
    gc.set_threshold(OBJECTS_A_COLLECTION)


def leave_pandas_out() -> None:
    """
    Keep pyarrow from importing pandas, which it does to ask whether a list is a Series: .2 s of every process.

    Nobody can import pandas in such a process any more; nothing of ours needs it.
    """
    if not any(isinstance(finder, _NoPandas) for finder in sys.meta_path):
        sys.meta_path.insert(0, _NoPandas())


class _NoPandas:
    def find_spec(self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError("pandas is left out of this process, see builder.start", name=name)
