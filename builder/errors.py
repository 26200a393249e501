"""
The errors a user can meet. Each message names the place, the value and the next action.

    BuilderError             anything we can explain; the command line prints it and exits 1
    ├── SettingsError        dataset.toml or an option is wrong; exit 2
    ├── SchemaError          a table or a release does not have the schema it should
    ├── TooManyRejectsError  more pages were rejected than the settings allow; exit 3
    └── PageError(reason)    this page cannot be used; it becomes a reject, its neighbours go on

Any other exception is our bug: it stops the run with a traceback.
"""


class BuilderError(Exception):
    """Base of every error that is explained to the user instead of traced."""


class SettingsError(BuilderError):
    """A setting or an option has a wrong name, type or value."""


class SchemaError(BuilderError):
    """A table does not have the schema that its name promises."""


class TooManyRejectsError(BuilderError):
    """More pages were rejected than `[limits] max_reject_ratio` allows."""


class PageError(BuilderError):
    """
    One page cannot be used.

    Args:
        reason: `step:what`, for instance `parse:no-text`; counted, and listed in `dropped/`.
        detail: one short sentence for people; never text of the page.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[type["PageError"], tuple[str, str]]:
        """Survive the way back from a worker process, attributes and all."""
        return type(self), (self.reason, self.detail)


def printable(name: str) -> str:
    r"""
    Return a foreign name as a message may show it, whole, but without what moves a terminal's cursor or ends a line.

    >>> printable("pages/\x1b[2J新闻.html")
    'pages/\ufffd[2J新闻.html'
    """
    return "".join(c if c.isprintable() else "\ufffd" for c in name)
