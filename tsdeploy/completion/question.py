"""A command line that is being typed, read up to the cursor: which sort of word would come next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tsdeploy.completion.tree import Node, Option, Value


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for: an option or a command of ``node``, or a ``value``.

    ``typed`` is what there is of it; ``prefix`` stays in front. ``words`` are the arguments before it, ``project`` is
    what ``--project`` says.
    """

    typed: str
    value: Value | None = None
    prefix: str = ""
    node: Node | None = None
    words: tuple[str, ...] = ()
    project: str = "."


@dataclass(slots=True)
class _Reader:
    """Where reading has come to."""

    node: Node
    words: list[str] = field(default_factory=list)
    waiting: str = ""
    only_words: bool = False
    project: str = "."

    def read(self, word: str) -> bool:
        """Take one word in; False when it can be no tsdeploy command line."""
        if self.waiting:
            self.project = word if self.waiting == "--project" else self.project
            self.waiting = ""
        elif not self.only_words and word.startswith("-") and len(word) > 1:
            self._read_option(word)
        else:
            return self._read_word(word)
        return True

    def option(self, name: str) -> Option | None:
        """The option of this name, here or of the group's default command."""
        there = self.node.commands.get(self.node.default)
        return self.node.options.get(name) or (there.options.get(name) if there else None)

    def _read_option(self, word: str) -> None:
        name, equals, value = word.partition("=")
        option = self.option(name)
        if word == "--":
            self.only_words = True
        elif name == "--project" and equals:
            self.project = value
        elif option is not None and option.value is not None and not equals:
            self.waiting = name

    def _read_word(self, word: str) -> bool:
        commands, default = self.node.commands, self.node.default
        if not commands:
            self.words.append(word)
        elif word in commands:
            self.node = commands[word]
        elif default:
            self.node = commands[default]
            self.words.append(word)
        else:
            return False
        return True

    def question(self, typed: str) -> Question:
        """What the word that is being typed may be."""
        if self.waiting:
            option = self.option(self.waiting)
            return self._asked(typed, option.value if option else None)
        name, equals, value = typed.partition("=")
        if not self.only_words and typed.startswith("-"):
            option = self.option(name)
            if equals and option is not None:
                return self._asked(value, option.value, f"{name}=")
            return Question(typed, node=self.node)
        if self.node.commands:
            default = self.node.commands.get(self.node.default)
            return Question(typed, _argument(default, 0), node=self.node, project=self.project)
        return self._asked(typed, _argument(self.node, len(self.words)))

    def _asked(self, typed: str, value: Value | None, prefix: str = "") -> Question:
        return Question(typed, value, prefix, words=tuple(self.words), project=self.project)


def read_question(tree: Node, words: Sequence[str]) -> Question | None:
    """What the last of the words, which may be empty, is to become; None for a line that makes no sense."""
    *before, typed = words or [""]
    reader = _Reader(tree)
    return reader.question(typed) if all(map(reader.read, before)) else None


def _argument(node: Node | None, number: int) -> Value | None:
    if node is None or not node.arguments:
        return None
    if number < len(node.arguments):
        return node.arguments[number]
    return node.arguments[-1] if node.many else None
