"""Names that are looked up in the project's files. Names of objects are hostile: what is odd is not offered."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tsdeploy.completion.question import Question
from tsdeploy.config.places import environment_names, project_root
from tsdeploy.explain.codes import all_codes
from tsdeploy.tml.kinds import KIND_NAMES

MOST: Final = 2000
"""Candidates that are offered at most."""

_FIELDS: Final = ("name", "obj_id", "tag", "path")
_LARGEST: Final = 32 * 1024 * 1024
"""Bytes of an object map that are read; nobody waits for more."""
_HOSTILE: Final = frozenset("$`\\!\"'*?[]{}~<>|&;()#^")
"""What a shell, or a selector, reads as something else."""
_RELEASES: Final = 100


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word that could be completed to. An ``open`` one goes on: no blank comes after it."""

    text: str
    help: str = ""
    open: bool = False


def candidates(question: Question) -> Iterator[Candidate]:
    """What the word could become; names of files are the shell's."""
    found: Iterable[Candidate] = ()
    if question.node is not None:
        found = _names_of(question)
    if question.value is not None:
        words = [Candidate(word) for word in question.value.words]
        looked_up = (one for name in question.value.looked_up for one in _LOOKED_UP.get(name, _nothing)(question))
        found = [*found, *words, *looked_up]
    number = 0
    for one in found:
        # What was typed already is the user's own, such as a ! in front.
        if one.text.startswith(question.typed) and _is_plain(one.text[len(question.typed) :]) and number < MOST:
            number += 1
            yield Candidate(question.prefix + one.text, one.help, one.open)


def _names_of(question: Question) -> list[Candidate]:
    node = question.node
    assert node is not None
    if question.typed.startswith("-"):
        default = node.commands.get(node.default)
        options = {**(default.options if default else {}), **node.options}
        return [Candidate(name, option.help) for name, option in options.items()]
    return [Candidate(name, command.help) for name, command in node.commands.items()]


def _is_plain(text: str) -> bool:
    return text.isprintable() and not _HOSTILE.intersection(text)


def _nothing(_: Question) -> Iterator[Candidate]:
    return iter(())


def _root(question: Question) -> Path | None:
    return project_root(Path(question.project))


def _environments(question: Question) -> Iterator[Candidate]:
    root = _root(question)
    return (Candidate(name) for name in environment_names(root)) if root else iter(())


def _sides(question: Question) -> Iterator[Candidate]:
    """What ``tsdeploy diff`` compares beside commits and folders."""
    for one in list(_environments(question)):
        yield Candidate(f"env:{one.text}", "the release as it would be sent there")
        yield Candidate(f"live:{one.text}", "what it has of it")


def _codes(question: Question) -> Iterator[Candidate]:
    wanted = question.typed
    # A code typed in small letters is one, too.
    return (Candidate(wanted + code[len(wanted) :]) for code in all_codes() if code.startswith(wanted.upper()))


def _releases(question: Question) -> Iterator[Candidate]:
    """The releases of the environment that stands before, the latest first."""
    root = _root(question)
    if root is None or not question.words:
        return
    names = environment_names(root)
    asked = [name for name in question.words[:1] if name in names] or names
    paths = (path for name in asked for path in (root / "environments" / name / "releases").glob("*.json"))
    yield from (Candidate(path.stem) for path in sorted(paths, key=lambda path: path.name, reverse=True)[:_RELEASES])


def _selectors(question: Question) -> Iterator[Candidate]:
    """Kinds and keys first, then what has such a kind or key; ``!`` and ``+`` may stand in front."""
    body = question.typed.removeprefix("!").removeprefix("+")
    front = question.typed[: len(question.typed) - len(body)]
    field, colon, _ = body.partition(":")
    if not colon:
        yield from (Candidate(f"{front}{name}:", open=True) for name in (*KIND_NAMES, *_FIELDS))
    texts = (text for record in _records(question) for text in _selecting(record, field if colon else ""))
    yield from (Candidate(f"{front}{text}") for text in sorted(set(texts)))


def _objects(question: Question) -> Iterator[Candidate]:
    """Objects as ``kind:name``, for commands that take one of them."""
    texts = {text for record in _records(question) for text in _selecting(record, str(record.get("kind", "")))}
    return (Candidate(text) for text in sorted(texts))


def _selecting(record: Mapping[str, Any], field: str) -> Iterator[str]:
    """The selectors by this kind or key that name an object."""
    name, kind = str(record.get("name", "")), str(record.get("kind", ""))
    if field in (kind, "name"):
        yield f"{field}:{name}"
    elif field == "obj_id" and record.get("obj_id"):
        yield f"obj_id:{record['obj_id']}"
    elif field == "tag":
        yield from (f"tag:{tag}" for tag in record.get("tags", ()))
    elif not field and ":" not in name:
        yield name


def _records(question: Question) -> Iterator[Mapping[str, Any]]:
    """The lines of all object maps; a map that cannot be read has none, and the command will say why."""
    root = _root(question)
    for name in environment_names(root) if root else ():
        path = (root or Path()) / "environments" / name / "objects.json"
        try:
            text = path.read_bytes() if path.stat().st_size <= _LARGEST else b"{}"
            objects = json.loads(text).get("objects", [])
        except (OSError, ValueError, AttributeError):
            continue
        yield from (one for one in objects if isinstance(one, dict))


_LOOKED_UP: Final[Mapping[str, Callable[[Question], Iterator[Candidate]]]] = {
    "ENVIRONMENT": _environments,
    "SIDE": _sides,
    "SELECTOR": _selectors,
    "OBJECT": _objects,
    "RELEASE": _releases,
    "CODE": _codes,
}
"""What is looked up, by the name that the tree of commands has for it."""
