"""What each shell needs: its script, how it tells what is typed, and how a word is written for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from tsdeploy.completion.question import Question
from tsdeploy.completion.values import Candidate

SHELLS: Final = ("bash", "zsh", "fish")
_FOLDER: Final = Path(__file__).parent / "scripts"
_BREAKS: Final = ":="
"""Where bash takes a word to begin anew, of what stands in names here (``COMP_WORDBREAKS``)."""
_TOKEN: Final = re.compile(r"""(?:[^\s'"\\]|\\.|\\\Z|'[^']*(?:'|\Z)|"(?:[^"\\]|\\.)*(?:"|\\?\Z))+""", re.DOTALL)
"""A word as it is typed; a quote may be open at the end of the line."""
_CLOSED: Final = re.compile(r"""(?:[^'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")*""", re.DOTALL)
"""The part of a word in which every quote that is opened is closed again."""
_UNQUOTE: Final = re.compile(r"""\\(.)|'([^']*)'?|"((?:[^"\\]|\\.)*)"?""", re.DOTALL)
_BARE: Final = re.compile(r"[^\w@%+=:,./-]")


def script(shell: str) -> str:
    """What a shell has to read to complete tsdeploy."""
    return (_FOLDER / f"tsdeploy.{shell}").read_text(encoding="utf-8")


def read_words(shell: str, given: Sequence[str]) -> tuple[list[str], str]:
    """The words behind the program's name, the last one unfinished, and that one as it is typed.

    bash gives its line up to the cursor, as one text; zsh and fish give words that they have taken apart.
    """
    if shell != "bash":
        return list(given) or [""], ""
    line = given[0] if given else ""
    tokens = _TOKEN.findall(line)
    # A blank at the end begins a new word, unless a backslash or a quote holds it.
    if len(tokens) < 2 or (line[-1:].isspace() and not tokens[-1].endswith(line[-1])):
        tokens.append("")
    return [_plain(token) for token in tokens[1:]], tokens[-1]


def answer(shell: str, question: Question | None, found: Iterable[Candidate], raw: str = "") -> Iterator[str]:
    """The lines that the script reads: how to go on, then one candidate a line."""
    offered = list(found)
    yield _how(question, offered)
    for one in offered:
        if shell == "bash":
            yield from _for_bash(one.text, question.typed if question else "", raw)
        else:
            yield f"{one.text}\t{one.help}"


def _how(question: Question | None, offered: list[Candidate]) -> str:
    value = question.value if question else None
    for name in ("FILE", "FOLDER"):
        if value is not None and name in value.looked_up:
            return name.lower()
    return "open" if offered and all(one.open for one in offered) else "word"


def _plain(token: str) -> str:
    return _UNQUOTE.sub(lambda match: next(part for part in (*match.groups(), "") if part is not None), token)


def _for_bash(text: str, typed: str, raw: str) -> Iterator[str]:
    """A candidate as it is to stand on the line, from where bash takes the word to begin."""
    quote = _open_quote(raw)
    if quote and not raw.startswith(quote):
        return  # a quote in the middle of a word: what bash would make of it is anybody's guess
    if quote:
        yield text
        return
    begin = max((raw.rfind(mark) + 1 for mark in _BREAKS), default=0)
    kept = len(_plain(raw[:begin]))
    yield _BARE.sub(lambda match: "\\" + match.group(), text[kept:])


def _open_quote(raw: str) -> str:
    """The quote that is open at the end of a word, "" where none is."""
    closed = _CLOSED.match(raw)
    rest = raw[closed.end() :] if closed else raw
    return rest[:1] if rest[:1] in ("'", '"') else ""
