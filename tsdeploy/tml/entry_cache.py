"""Entries of files that were read before, by the SHA-256 of their bytes. Never believed when it is damaged."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tsdeploy.errors import TsdeployError
from tsdeploy.files import write_atomically
from tsdeploy.tml.entries import Packed
from tsdeploy.version import __version__

_FORMAT = 2


@dataclass(frozen=True, slots=True)
class EntryCache:
    """A cache in one file: a line with format, version and checksum, then JSON.

    A cache that another version wrote, or whose checksum is wrong, is as good as none.
    """

    path: Path

    def load(self) -> dict[str, Packed]:
        """Digest → packed entry."""
        try:
            head, _, body = self.path.read_bytes().partition(b"\n")
        except OSError:
            return {}
        return dict(json.loads(body)) if head == _head(body) else {}

    def save(self, entries: Mapping[str, Packed]) -> None:
        """Replace what is cached. Where nothing can be written, the next reader just has to do without."""
        body = json.dumps(entries, separators=(",", ":")).encode("ascii")
        with suppress(TsdeployError):
            write_atomically(self.path, _head(body) + b"\n" + body, mode=0o600)


def _head(body: bytes) -> bytes:
    return f"{_FORMAT} {__version__} {hashlib.sha256(body).hexdigest()}".encode("ascii")
