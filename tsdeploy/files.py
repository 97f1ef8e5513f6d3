"""Files that are never half written, and names that are safe on every operating system."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path
from secrets import token_hex

from tsdeploy.errors import Finding, Location, TsdeployError

_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(\..*)?", re.IGNORECASE)
MAX_NAME_BYTES = 120


def write_atomically(path: Path, content: bytes, *, mode: int | None = None) -> bool:
    """Write a file by atomic replace, only when its bytes differ; say whether it was written.

    Links are not followed: a link at ``path`` is replaced, not written through. Raises TsdeployError TD001.
    """
    try:
        if not path.is_symlink() and path.is_file() and path.read_bytes() == content:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, content, mode)
    except OSError as error:
        finding = Finding("TD001", f"cannot write the file: {error.strerror}", Location(str(path)))
        raise TsdeployError(finding) from None
    return True


def _replace(path: Path, content: bytes, mode: int | None) -> None:
    temporary = path.with_name(f".tsdeploy-{token_hex(8)}.tmp")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if mode is None else mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def safe_name(name: str) -> str:
    """A file name for any object name: no separators, control characters or reserved words, at most 120 bytes."""
    cleaned = _UNSAFE.sub("_", unicodedata.normalize("NFC", name)).strip(" .") or "_"
    cut = _cut(cleaned)
    return _cut(f"_{cut}") if _RESERVED.fullmatch(cut) else cut


def _cut(name: str) -> str:
    return name.encode("utf-8")[:MAX_NAME_BYTES].decode("utf-8", "ignore").rstrip(" .")


def first_free(path: Path, taken: set[str]) -> Path:
    """The path, or the first numbered variant that does not collide, upper and lower case alike."""
    number = 2
    candidate = path
    while candidate.as_posix().casefold() in taken:
        stem, dot, rest = path.name.partition(".")
        candidate = path.with_name(f"{stem}~{number}{dot}{rest}")
        number += 1
    return candidate
