"""From what a client sends to the text the sandbox keeps: LF, no BOM, YAML, identity only at the root."""

from __future__ import annotations

from functools import lru_cache

from tsdeploy.errors import TmlError
from tsdeploy.sandbox.texts.yaml_text import to_yaml
from tsdeploy.tml import edit
from tsdeploy.tml.dialect import Dialect
from tsdeploy.tml.document import Document, parse_document
from tsdeploy.tml.kinds import KINDS
from tsdeploy.tml.syntax import Mapping, parse

_CACHED = 4096
_NESTED_IDENTITY = "TD107"


def read(text: str, name: str) -> Document:
    """The document of an imported text, in the form that is kept. Raises TmlError.

    The server writes UTF-8 with LF, a final newline and no BOM, and YAML where JSON came in. A guid or obj_id
    below the kind key means nothing to it.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    text = text if text.endswith("\n") else text + "\n"
    try:
        document = reread(text)
    except TmlError as error:
        if error.code != _NESTED_IDENTITY:
            parse_document(text, name)  # fails again, and names the file
            raise
    else:
        if not document.root.flow:
            return document
    return parse_document(_mended(text, name), name)


@lru_cache(maxsize=_CACHED)
def reread(text: str) -> Document:
    """The document of a text that is kept. What is imported again, or kept as it came, is parsed once."""
    return parse_document(text, "stored")


def _mended(text: str, name: str) -> str:
    """YAML for JSON, and no identity below the kind key."""
    root = parse(text, name)
    if isinstance(root, Mapping) and root.flow:
        text = to_yaml(root, Dialect.SNAKEYAML if "model" in root.entries else Dialect.JACKSON)
        root = parse(text, name)
    if not isinstance(root, Mapping):
        return text
    edits = [
        change
        for key, (_, body) in root.entries.items()
        if key in KINDS and isinstance(body, Mapping)
        for change in edit.delete(text, body, ("guid", "obj_id"))
    ]
    return edit.apply(text, edits)
