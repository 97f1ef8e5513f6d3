"""Print one of the README's two commands: ``demo`` or ``tests``.

The README marks each with an HTML comment in front of its code block: ``<!-- command: tests -->``.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path


def readme_command(name: str, readme: str) -> str:
    """The text of the marked code block. Raises LookupError when there is none."""
    found = re.search(rf"<!-- command: {re.escape(name)} -->\s*```\w*\n(.*?)```", readme, re.DOTALL)
    if found is None:
        raise LookupError(f"README.md has no command marked {name}")
    return found.group(1).strip()


if __name__ == "__main__":
    print(readme_command(sys.argv[1], Path("README.md").read_text(encoding="utf-8")))
