"""``--out FORM=FILE``: more forms of a result in the same run, each in a file."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tsdeploy.errors import Finding, UsageError


@dataclass(frozen=True, slots=True)
class Output:
    """A form, and the file it goes to."""

    form: str
    path: Path


def read_outputs(
    values: Sequence[str], forms: Collection[str], short: Mapping[str, str], example: str
) -> tuple[Output, ...]:
    """The outputs that the options name; ``short`` are other words for some forms.

    Raises UsageError TD025, with the example as a hint.
    """
    return tuple(_output(text, forms, short, example) for text in values)


def _output(text: str, forms: Collection[str], short: Mapping[str, str], example: str) -> Output:
    form, equals, path = text.partition("=")
    form = short.get(form, form)
    if not equals or form not in forms or not path:
        hint = f"forms are {', '.join(forms)}:  --out {example}"
        raise UsageError(Finding("TD025", f"not FORM=FILE: {text}", at="--out", hint=hint))
    return Output(form, Path(path))
