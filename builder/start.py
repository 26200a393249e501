"""What a process of ours does before it imports anything heavy."""

import sys
from collections.abc import Sequence
from types import ModuleType


def leave_pandas_out() -> None:
    """
    Keep pyarrow from importing pandas, which it does to ask whether a list is a Series: .2 s of every process.

    For processes that are ours alone, since nobody can import pandas in them any more; nothing of ours needs it.
    """
    if not any(isinstance(finder, _NoPandas) for finder in sys.meta_path):
        sys.meta_path.insert(0, _NoPandas())


class _NoPandas:
    def find_spec(self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError("pandas is left out of this process, see builder.start", name=name)
