"""A traceback for what is our bug, without the page that shows it: messages of exceptions may hold any text."""

import re
import sys
from types import TracebackType

# Lines of a traceback that are not the code's: of each exception its name, then what it says.
_PLACE = re.compile(r"  |Traceback |The above exception |During handling |\"\"\"$|$")
_MESSAGE = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*(?=: |$)")


def print_bug(_: type[BaseException], error: BaseException, __: TracebackType | None) -> None:
    """Print the traceback of an error on stderr, as `sys.excepthook`; of each message a short, masked piece."""
    import traceback  # with what it imports, 5 ms that `zhnews --help` does not need

    from builder.privacy import excerpt

    for line in "".join(traceback.format_exception(error)).splitlines():
        name = _MESSAGE.match(line)
        if _PLACE.match(line):
            print(excerpt(line, 200), file=sys.stderr)  # noqa: T201
        elif name:
            said = line[name.end() :]
            print(name[0] + excerpt(said), file=sys.stderr)  # noqa: T201
