"""A closed estate for benchmarks: so many copies of the retail samples, each with GUIDs and a schema of its own."""

from __future__ import annotations

import re
import uuid
from pathlib import Path

from tsdeploy.bundled import bundled
from tsdeploy.tml.references import GUID_PATTERN

_GUID = re.compile(GUID_PATTERN)
_SCHEMA = re.compile(r"^(  schema: )(\S+)$", re.MULTILINE)


def generate_packages(folder: Path, *, documents: int) -> int:
    """Write at least so many documents; return their size in bytes. Nothing in them refers to what is not there."""
    folder_of_samples = bundled("samples") / "retail"
    samples = {path.relative_to(folder_of_samples): path for path in sorted(folder_of_samples.rglob("*.tml"))}
    texts = {name: path.read_text(encoding="utf-8") for name, path in samples.items()}
    size = 0
    for number in range(-(-documents // len(texts))):
        for name, text in texts.items():
            content = _copy(text, number).encode("utf-8")
            path = folder / f"{number:04}" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            size += len(content)
    return size


def _copy(text: str, number: int) -> str:
    """The text with other GUIDs, the same for the same old one, and tables in another schema."""
    namespace = uuid.UUID(int=number)
    text = _GUID.sub(lambda match: str(uuid.uuid5(namespace, match.group().lower())), text)
    return _SCHEMA.sub(rf"\g<1>\g<2>_{number}", text)
