"""Names that people take for one another, and ThoughtSpot does not.

Source of the pairs: the letters of Unicode Technical Standard 39, "Unicode Security Mechanisms", that fonts draw like
Latin ones. Pairs within ASCII (``I`` and ``l``) are left out: there, both spellings are in honest use.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import zip_longest
from typing import Final

from tsdeploy.check.context import Context
from tsdeploy.errors import Finding, Severity
from tsdeploy.tml.document import Document
from tsdeploy.visible import is_seen

_PAIRS: Final = (
    ("авекморстухіјѕһԁԛԝӏᴦ", "abekmopctyxijshdqwlr"),
    ("АВЕКМНОРСТУХІЈЅԌԚԜӀ", "ABEKMHOPCTYXIJSGQWI"),
    ("αγικνορτυχ", "ayikvoptux"),
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"),
    ("օսոհցɑɡıǀ", "ounhgagil"),
    ("‐‒–—−⁄∕’‘‚“”∶", "-----//'',\"\":"),
)
"""Characters, and those that they look like: Cyrillic, Greek, Armenian and rare Latin letters, signs."""
_DRAWN: Final = str.maketrans({odd: plain for pair in _PAIRS for odd, plain in zip(*pair, strict=True)})


def drawn(name: str) -> str:
    """What a name looks like: two names of which this is the same are hard or impossible to tell apart."""
    if not name.isascii():
        # What nobody sees keeps accents from being put into their order.
        seen = "".join(one for one in name if not _is_unseen(one))
        name = unicodedata.normalize("NFKD", seen).translate(_DRAWN)
    return " ".join(name.split())


def find_look_alikes(context: Context) -> Iterator[Finding]:
    """Objects of one kind whose names differ, and look the same; each of them, as any may be the forged one."""
    alike: dict[tuple[str, str], list[Document]] = {}
    for document in context.documents:
        if document.kind.owned:
            alike.setdefault((document.kind.name, drawn(document.name)), []).append(document)
    for documents in alike.values():
        for document in documents:
            other = next((one for one in documents if one.name != document.name), None)
            if other is not None:
                yield _finding(document, other)


def _finding(document: Document, other: Document) -> Finding:
    message = (
        f"{document.label} only looks like {other.label} in {other.path}: {_difference(document.name, other.name)}"
    )
    hint = "look who made it, and what it is for; then rename it"
    return Finding("TD134", message, document.at(0), "", hint, Severity.WARNING)


def _difference(name: str, other: str) -> str:
    """The first place where two names differ, in words."""
    pairs = enumerate(zip_longest(name, other, fillvalue=""), start=1)
    number, (one, two) = next((number, pair) for number, pair in pairs if pair[0] != pair[1])
    return f"character {number} is {_called(one)}, there {_called(two)}"


def _called(character: str) -> str:
    return unicodedata.name(character, f"U+{ord(character):04X}") if character else "missing"


def _is_unseen(character: str) -> bool:
    """Whether nothing is drawn for a character: joiners, direction marks, fillers, variation selectors."""
    selects_form = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    return selects_form or not (is_seen(character) or character.isspace())
