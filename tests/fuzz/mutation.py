"""Damage to bytes, the same for the same seed: what parsers choke on, put where it hurts."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

_LONGEST = 20_000
_TOKENS: tuple[bytes, ...] = (
    b"9" * 5000,
    b"-1",
    b"1e999",
    b"0.1" + b"0" * 400,
    b"NaN",
    b"-Infinity",
    b"null",
    b"true",
    b"[" * 2000,
    b"{" * 200,
    b'{"a":' * 1500,
    b"- " * 300,
    b"? " * 300,
    b"&a [*a]",
    b"*a",
    b"<<: *x",
    b"!!python/object/apply:os.system [id]",
    b"!<tag:x> ",
    b"%YAML 1.1\n",
    b"---\n",
    b"\n...\n",
    b"\\ud800",
    b'"\\ud83d\\ude00"',
    b"\xed\xa0\x80",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\x00",
    b"\x1b[2J",
    "\u202e\u2028\u0085".encode(),
    b"\r",
    b"\t",
    b": ",
    b" #",
    b"'",
    b'"',
    b"\\",
    b"|2-\n",
    b">\n ",
    b"${env:PATH}",
    b"${",
    b"../../..",
    b"C:\\con",
    b"*" * 40,
    b"[key=value]",
    b"::error::",
    b"",
)

Damage: TypeAlias = "Callable[[random.Random, bytearray], None]"


def variants(seeds: Sequence[bytes], seed: int) -> Iterator[bytes]:
    """The seeds themselves, then damaged ones, without an end."""
    yield from seeds
    chance = random.Random(seed)
    while True:
        data = bytearray(chance.choice(seeds))
        for _ in range(chance.choice((1, 1, 2, 3, 8))):
            chance.choice(_DAMAGES)(chance, data)
        yield bytes(data[:_LONGEST])


def _place(chance: random.Random, data: bytearray) -> int:
    return chance.randrange(len(data) + 1)


def _insert(chance: random.Random, data: bytearray) -> None:
    at = _place(chance, data)
    data[at:at] = chance.choice(_TOKENS)


def _replace_word(chance: random.Random, data: bytearray) -> None:
    """A whole value instead of another, so that what is around it stays well formed."""
    at = _place(chance, data)
    start = max(data.rfind(mark, 0, at) for mark in (b" ", b"\n", b'"', b",", b"[")) + 1
    ends = [end for mark in (b" ", b"\n", b'"', b",", b"]") if (end := data.find(mark, at)) >= 0]
    data[start : min(ends, default=len(data))] = chance.choice(_TOKENS)


def _delete(chance: random.Random, data: bytearray) -> None:
    at = _place(chance, data)
    del data[at : at + chance.choice((1, 2, 8, 60))]


def _repeat(chance: random.Random, data: bytearray) -> None:
    at = _place(chance, data)
    piece = bytes(data[at : at + chance.choice((1, 10, 100))])
    data[at:at] = piece * chance.choice((1, 2, 30))


def _move(chance: random.Random, data: bytearray) -> None:
    at, to, length = _place(chance, data), _place(chance, data), chance.choice((5, 50))
    piece = bytes(data[at : at + length])
    del data[at : at + length]
    data[to:to] = piece


def _flip(chance: random.Random, data: bytearray) -> None:
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


_DAMAGES: tuple[Damage, ...] = (_insert, _replace_word, _replace_word, _delete, _repeat, _move, _flip)
