"""Sentences in the width of a terminal."""

from __future__ import annotations

import textwrap

WIDTH = 80


def wrapped(text: str, indent: str = "  ") -> list[str]:
    """Text that is safe to show, in lines of at most 80 columns; only a longer word makes a longer line.

    The lines after the first are indented by four blanks more.
    """
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + "    ",
        break_on_hyphens=False,
        break_long_words=False,
    )
