"""A generated estate for benchmarks: documents of mixed kinds and sizes in the dialects of real exports.

Made from the samples: lists (columns, visualizations, tiles) are repeated until a document has the size it should
have, and every GUID and name is new, so that no two documents are alike. Deterministic for a seed.
"""

from __future__ import annotations

import random
import re
import uuid
from collections.abc import Iterator
from pathlib import Path

from tsdeploy.bundled import bundled
from tsdeploy.tml.document import Document, parse_document
from tsdeploy.tml.references import GUID_PATTERN
from tsdeploy.tml.syntax import Mapping, Sequence

_GUID = re.compile(GUID_PATTERN)
_REPEATED = {"table": "columns", "model": "columns", "liveboard": "visualizations", "view": "view_columns"}
_MIX = (("table", 0.30), ("answer", 0.25), ("liveboard", 0.25), ("model", 0.15), ("view", 0.05))


def generate(folder: Path, *, documents: int, megabytes: float, seed: int = 1) -> int:
    """Write an estate; return its size in bytes. Sizes vary around the mean by a factor of up to about five."""
    random_ = random.Random(seed)
    templates = _templates()
    mean = megabytes * 1024 * 1024 / documents
    size = 0
    for number in range(documents):
        (kind,) = random_.choices([kind for kind, _ in _MIX], [weight for _, weight in _MIX])
        text = _grown(random_.choice(templates[kind]), int(random_.lognormvariate(-0.3, 0.8) * mean))
        content = _renewed(text, random_, number).encode("utf-8")
        path = folder / kind / f"object-{number}.{kind}.tml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        size += len(content)
    return size


def _templates() -> dict[str, list[Document]]:
    found: dict[str, list[Document]] = {}
    for path in sorted((bundled("samples") / "retail").rglob("*.tml")):
        document = parse_document(path.read_text(encoding="utf-8"), path.name)
        found.setdefault(document.kind.name, []).append(document)
    return found


def _grown(document: Document, size: int) -> str:
    """The document with the items of its long list repeated under other names."""
    text = document.text
    body = document.body
    items = body.get(_REPEATED.get(document.kind.name, "")) if isinstance(body, Mapping) else None
    if not isinstance(items, Sequence) or len(text) >= size:
        return text
    starts = [text.rfind("\n", 0, item.start) + 1 for item in items.items]
    end = _end(text, starts[-1])
    block = text[starts[0] : end]
    copies = max(0, (size - len(text)) // len(block))
    return text[:end] + "".join(_copy(block, number) for number in range(copies)) + text[end:]


def _end(text: str, start: int) -> int:
    """Where the last item's lines end: the next line that is indented less than the dash's content."""
    indent = re.match(r" *", text[start:])
    assert indent is not None
    deeper = indent.group() + "  "
    at = text.index("\n", start) + 1
    while text.startswith(deeper, at):
        at = text.index("\n", at) + 1
    return at


def _copy(block: str, number: int) -> str:
    return re.sub(r"^( *- (?:id|name): )(.*)$", lambda m: f"{m[1]}{m[2].strip(chr(34))} {number}", block, flags=re.M)


def _renewed(text: str, random_: random.Random, number: int) -> str:
    """Every GUID is another one, the same for the same old one; the name gets a number."""
    new: dict[str, str] = {}

    def swap(match: re.Match[str]) -> str:
        return new.setdefault(match.group(), str(uuid.UUID(int=random_.getrandbits(128), version=4)))

    text = _GUID.sub(swap, text)
    return re.sub(r"^(  name: )(.*)$", lambda m: f"{m[1]}{m[2].strip(chr(34))} {number}", text, count=1, flags=re.M)


def texts(folder: Path) -> Iterator[str]:
    """The texts of a generated estate."""
    for path in sorted(folder.rglob("*.tml")):
        yield path.read_bytes().decode("utf-8")
