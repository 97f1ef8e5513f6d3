"""The shape of each kind of TML, held against its JSON Schema.

The schemas describe what is known of the format. A newer server may add fields and values, so only a known
field of another shape is an error; an unknown value is a warning, and an unknown field is worth one remark.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from tsdeploy.check.compiled import Fits, compile_schema
from tsdeploy.check.guess import did_you_mean
from tsdeploy.check.kind_schemas import kind_schema
from tsdeploy.errors import Finding, Severity
from tsdeploy.tml.document import Document
from tsdeploy.tml.patterns import Pattern, pattern_of
from tsdeploy.tml.syntax import Mapping, Node, Path, node_at, path_text, to_plain

if TYPE_CHECKING:
    from tsdeploy.check.context import Context

_SHAPES = {"array": "a list", "object": "a mapping", "string": "text"}
_CODES = {"additionalProperties": "TD125", "enum": "TD124"}


@dataclass(frozen=True, slots=True, eq=False)
class Violation:
    """A place where a document is not as its schema says. ``path`` leads to ``node``: the value, or an unknown key."""

    code: str
    document: Document
    path: Path
    node: Node
    message: str
    hint: str = ""

    def finding(self, severity: Severity) -> Finding:
        """The violation as a finding."""
        where = self.document.at(self.node.start)
        return Finding(self.code, self.message, where, path_text(self.path), self.hint, severity)


def violations_of(document: Document) -> Iterator[Violation]:
    """Every violation of a document; none for a kind that is not known."""
    if document.kind.known and not fits(document):
        yield from explained(document)


def fits(document: Document) -> bool:
    """Whether a document of a known kind has the shape of its kind: in a tenth of the time it takes to say why not."""
    return _compiled(document.kind.root)(document.root.tape.values, 0)


def explained(document: Document) -> Iterator[Violation]:
    """What a validator finds in a document of a known kind."""
    for error in _validator(document.kind.root).iter_errors(to_plain(document.root)):
        yield from _explain(document, error)


def find_wrong_shapes(context: Context) -> Iterator[Finding]:
    """Known fields that are not of their shape."""
    return (found.finding(Severity.ERROR) for found in context.violations if found.code == "TD123")


def find_unknown_values(context: Context) -> Iterator[Finding]:
    """Values that are not among those known for their field."""
    return (found.finding(Severity.WARNING) for found in context.violations if found.code == "TD124")


def find_unknown_fields(context: Context) -> Iterator[Finding]:
    """Each unknown field once, however many documents have it."""
    first: dict[Pattern, Violation] = {}
    for found in context.violations:
        if found.code == "TD125":
            first.setdefault(pattern_of(found.path), found)
    return (found.finding(Severity.INFO) for found in first.values())


@cache
def _validator(root: str) -> Draft202012Validator:
    return Draft202012Validator(kind_schema(root))


@cache
def _compiled(root: str) -> Fits:
    return compile_schema(kind_schema(root))


def _explain(document: Document, error: ValidationError) -> Iterator[Violation]:
    path: Path = tuple(error.absolute_path)
    node = node_at(document.root, path)
    assert node is not None
    instance: Any = error.instance
    expected: Any = error.validator_value
    code = _CODES.get(str(error.validator), "TD123")
    if code == "TD125":
        yield from _unknown_keys(document, path, node, error)
    elif instance == "":
        return  # An empty value is how YAML says that there is none.
    elif code == "TD124" and not isinstance(instance, str):
        yield Violation(code, document, path, node, "a word is expected here", f"known values: {', '.join(expected)}")
    elif code == "TD124":
        if not instance.startswith("${"):
            known = ", ".join(expected)
            hint = did_you_mean(instance, expected) or f"known values: {known}"
            yield Violation(code, document, path, node, f"{instance} is not a known value here", hint)
    else:
        for message in _messages(error):
            yield Violation(code, document, path, node, message)


def _unknown_keys(document: Document, path: Path, node: Node, error: ValidationError) -> Iterator[Violation]:
    known: dict[str, Any] = error.schema["properties"] if isinstance(error.schema, dict) else {}
    assert isinstance(node, Mapping)
    for key, (scalar, _) in node.entries.items():
        if key not in known:
            hint = did_you_mean(key, known) or "newer than this tsdeploy, or misspelt; it is passed on as it is"
            yield Violation("TD125", document, (*path, key), scalar, f"unknown field {key}", hint)


def _messages(error: ValidationError) -> Iterable[str]:
    expected: Any = error.validator_value
    instance: Any = error.instance
    if error.validator == "type":
        names = [expected] if isinstance(expected, str) else expected
        return [f"must be {' or '.join(_SHAPES[name] for name in names)}, not {_shape(instance)}"]
    if error.validator == "required":
        return [f"misses {key}" for key in expected if key not in instance and f"{key!r} is" in error.message]
    if error.validator == "minItems":
        return ["must not be empty"]
    return [f"must be {error.schema['description'] if isinstance(error.schema, dict) else 'of another form'}"]


def _shape(instance: Any) -> str:
    return _SHAPES["array" if isinstance(instance, list) else "object" if isinstance(instance, dict) else "string"]
