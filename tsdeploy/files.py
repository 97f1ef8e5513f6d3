"""Files that are never half written, and names that are safe on every operating system."""

from __future__ import annotations

import errno
import os
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path, PurePosixPath, PureWindowsPath
from secrets import token_hex
from typing import Final

from tsdeploy.errors import Finding, Location, TsdeployError

_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(\..*)?", re.IGNORECASE)
MAX_NAME_BYTES = 120
_OTHERS = 0o077
_NO_RIGHT = "give the user that runs tsdeploy the right to write in that folder"
_CURES: Final = {
    errno.ENOSPC: "free some space on that disk (df -h, df -i)",
    errno.EDQUOT: "free some of that user's quota, or have it raised",
    errno.EROFS: "that file system is read-only: work where it can be written, or have it mounted so",
    errno.EACCES: _NO_RIGHT,
    errno.EPERM: _NO_RIGHT,
    errno.ENAMETOOLONG: "that path is too long for this system: move the project to a folder with a shorter one",
    errno.EMLINK: "that folder has as many entries as its file system takes: move some of them away",
}
_LOOK = "look at the rights, the free space and what else has that name"


def write_atomically(path: Path, content: bytes, *, mode: int | None = None) -> bool:
    """Write a file by atomic replace, only when its bytes differ; say whether it was written.

    Links are not followed: a link at ``path`` is replaced, not written through. Raises TsdeployError TD001; then the
    file is as it was.
    """
    try:
        if not path.is_symlink() and path.is_file() and path.read_bytes() == content:
            return False
        if mode is not None and not mode & _OTHERS:
            make_private(path.parent)
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, content, mode)
    except OSError as error:
        raise TsdeployError(unwritten(path, error, "write the file", "the file is as it was")) from None
    return True


def unwritten(path: Path | str, error: OSError, what: str, safe: str, at: str = "") -> Finding:
    """The finding for what the operating system does not write: ``what`` could not be done, and what is ``safe``."""
    hint = f"{safe}; {_CURES.get(error.errno or 0, _LOOK)}, and run it again"
    return Finding("TD001", f"cannot {what}: {error.strerror}", Location(str(path)), at, hint)


def make_private(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for the eyes of its owner alone. Raises OSError."""
    if not folder.is_dir():
        make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


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


def add_lines(path: Path, lines: Sequence[str]) -> tuple[str, ...]:
    """Add the lines that a file lacks at its end, with the line ends that it has; those that were added.

    Raises TsdeployError TD001, and TD018 for a link that leads out of its folder.
    """
    refuse_led_out(path.parent, path)
    content = path.read_bytes() if path.is_file() else b""
    there = {b" ".join(line.split()) for line in content.splitlines()}
    missing = tuple(line for line in lines if line.encode() not in there)
    if missing:
        newline = b"\r\n" if b"\r\n" in content else b"\n"
        if content and not content.endswith(b"\n"):
            content += newline
        write_atomically(path, content + b"".join(line.encode() + newline for line in missing))
    return missing


def within(root: Path, name: str) -> Path:
    """The path of a file below a folder, for a name from outside: ``name`` leads down, and no link leads out.

    Raises TsdeployError TD018.
    """
    steps = PurePosixPath(name.replace("\\", "/"))
    if steps.is_absolute() or not steps.parts or ".." in steps.parts or PureWindowsPath(name).drive:
        raise TsdeployError(leads_out(name))
    return not_led_out(root, root / name)


def not_led_out(root: Path, path: Path) -> Path:
    """The path, unless a link among its folders leads out of ``root``. Raises TsdeployError TD018."""
    if not path.parent.resolve().is_relative_to(root.resolve()):
        raise TsdeployError(leads_out(str(path)))
    return path


def is_led_out(root: Path, path: Path) -> bool:
    """Whether links make a path that is to be in ``root`` one that lies elsewhere."""
    # Of links that lead in a circle Path.resolve makes an error of its own, of another type in each Python.
    return not Path(os.path.realpath(path)).is_relative_to(root.resolve())


def refuse_led_out(root: Path, path: Path) -> None:
    """Raises TsdeployError TD018 for a path that is to be in ``root``, and links lead out of it."""
    if is_led_out(root, path):
        raise TsdeployError(leads_out(str(path)))


def leads_out(name: str) -> Finding:
    """The finding for a path that is to be of the project, and is not."""
    hint = "look who made the link or the name, and delete it; a project keeps its files in its own folder"
    return Finding("TD018", "leads out of the project's folder", Location(name), hint=hint)


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
