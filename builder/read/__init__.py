"""Raw files → pages. Importing this stays light: each format's library is imported when a file needs it."""

from builder.read.files import Input, ReadSettings, find_inputs, gather_inputs
from builder.read.pages import read_input

__all__ = ["Input", "ReadSettings", "find_inputs", "gather_inputs", "read_input"]
