"""From what a client sends to the text the sandbox keeps: LF, no BOM, YAML, identity only at the root."""

from __future__ import annotations

from functools import lru_cache

from tsdeploy.sandbox.texts.yaml_text import to_yaml
from tsdeploy.tml import edit
from tsdeploy.tml.dialect import Dialect
from tsdeploy.tml.document import Document, parse_document
from tsdeploy.tml.kinds import KINDS
from tsdeploy.tml.syntax import Mapping, parse

_CACHED = 4096


def read(text: str, name: str) -> Document:
    """The document of an imported text, in the form that is kept. Raises TmlError.

    The server writes UTF-8 with LF, a final newline and no BOM, and YAML where JSON came in. A guid or obj_id
    below the kind key means nothing to it.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    root = parse(text, name)
    if isinstance(root, Mapping):
        text = _without_nested_identity(_as_yaml(text, root), name)
    return parse_document(text if text.endswith("\n") else text + "\n", name)


@lru_cache(maxsize=_CACHED)
def reread(text: str) -> Document:
    """The document of a text that is kept."""
    return parse_document(text, "stored")


def _as_yaml(text: str, root: Mapping) -> str:
    if not root.flow:
        return text
    dialect = Dialect.SNAKEYAML if "model" in root.entries else Dialect.JACKSON
    return to_yaml(root, dialect)


def _without_nested_identity(text: str, name: str) -> str:
    root = parse(text, name)
    if not isinstance(root, Mapping):
        return text
    edits = [
        change
        for key, (_, body) in root.entries.items()
        if key in KINDS and isinstance(body, Mapping) and len(body.entries) > 1
        for change in edit.delete(text, body, ("guid", "obj_id"))
    ]
    return edit.apply(text, edits)
