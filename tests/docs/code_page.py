"""The list of error codes, from the pages that explain them."""

from __future__ import annotations

from itertools import groupby

from tests.docs.prose import prose, row
from tsdeploy.explain.pages import all_pages

HEAD = """\
# Error codes

Every error, warning and note of tsdeploy has a code that never changes. `tsdeploy explain TD204` prints the page behind
one. Generated from these pages.
"""
SUBJECTS = {
    "TD0": "Usage, and the project as a whole",
    "TD1": "TML",
    "TD2": "Mapping",
    "TD3": "Configuration files",
    "TD4": "Talking to ThoughtSpot",
    "TD5": "Export, plan and guards",
    "TD6": "Deploy, rollback and restore",
    "TD7": "Git, reviews and pipelines",
    "TD8": "The sandbox",
}


def code_page() -> str:
    """The whole page."""
    parts = [HEAD]
    for prefix, pages in groupby(all_pages().values(), lambda page: page.code[:3]):
        rows = (row(code_link(page.code, "../"), prose(page.title)) for page in pages)
        parts.append(f"\n## {SUBJECTS[prefix]}\n\n| code | says |\n|---|---|\n{''.join(rows)}")
    return "".join(parts)


def code_link(code: str, to_docs: str) -> str:
    """A link to the page of a code; ``to_docs`` leads from the page that it is on to the folder docs."""
    return f"[{code}]({to_docs}../tsdeploy/explain/pages/{code}.md)"
