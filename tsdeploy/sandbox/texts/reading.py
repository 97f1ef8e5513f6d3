"""From what a client sends to the text the sandbox keeps: LF, no BOM, YAML, identity only at the root."""

from __future__ import annotations

from functools import lru_cache

from tsdeploy.errors import TmlError
from tsdeploy.sandbox.texts.yaml_text import to_yaml
from tsdeploy.tml import edit
from tsdeploy.tml.document import Document, parse_document
from tsdeploy.tml.kinds import KINDS
from tsdeploy.tml.syntax import Mapping, parse

_CACHED = 1024
"""Documents of ten thousand characters take about 100 kB each when they are read."""


def read(text: str, name: str) -> Document:
    """The document of an imported text, in the form that is kept. Raises TmlError.

    The server writes UTF-8 with LF, a final newline and no BOM, YAML where JSON came in, and all of it in its own
    style. A guid or obj_id below the kind key means nothing to it.
    """
    try:
        return reread(_normal(text))
    except TmlError:
        parse_document(_normal.__wrapped__(text, name), name)  # fails again, and names the file
        raise


@lru_cache(maxsize=_CACHED)
def reread(text: str) -> Document:
    """The document of a text that is kept. What is imported again, or kept as it came, is parsed once."""
    return parse_document(text, "stored")


@lru_cache(maxsize=_CACHED)
def _normal(text: str, name: str = "stored") -> str:
    """A text as the server writes it, without identity below the kind key."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    text = text if text.endswith("\n") else text + "\n"
    root = parse(text, name)
    if not isinstance(root, Mapping):
        return text
    edits = [
        change
        for key, (_, body) in root.entries.items()
        if key in KINDS and isinstance(body, Mapping)
        for change in edit.delete(text, body, ("guid", "obj_id"))
    ]
    if edits:
        text = edit.apply(text, edits)
        root = parse(text, name)
    return to_yaml(root, text) if isinstance(root, Mapping) else text
