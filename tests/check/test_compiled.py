"""The compiled schemas say yes where jsonschema, asked the long way, finds nothing; and no where it finds something."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from tests.check.test_hostile import damaged
from tests.tml.real_files import REAL_FILES, document_of, label
from tsdeploy.check.compiled import compile_schema
from tsdeploy.check.kind_schemas import kind_schema
from tsdeploy.check.structure import explained, fits
from tsdeploy.errors import TmlError
from tsdeploy.tml.document import Document, parse_document
from tsdeploy.tml.kinds import KINDS
from tsdeploy.tml.syntax import Plain
from tsdeploy.tml.tape import Value, record

WORDS = st.sampled_from(["", "x", "true", "INNER", "${join}", "12", "1e3", "-", "12\n", "${n}", "\u0661"])
PLAIN: st.SearchStrategy[Plain] = st.recursive(
    WORDS,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "c"]), below, max_size=3),
    max_leaves=8,
)
WORD_SCHEMAS: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {"type": "string"},
        {"type": "string", "enum": ["true", "INNER"]},
        {"type": "string", "pattern": "^[0-9]+$", "description": "a number"},
        {"enum": ["x", "INNER"]},
        {"type": ["object", "string"], "properties": {"a": {"type": "string"}}},
        {},
    ]
)
SCHEMAS: st.SearchStrategy[dict[str, Any]] = st.recursive(
    WORD_SCHEMAS,
    lambda parts: (
        st.fixed_dictionaries({"type": st.just("array")}, optional={"items": parts, "minItems": st.integers(0, 2)})
        | st.fixed_dictionaries(
            {"type": st.just("object"), "properties": st.dictionaries(st.sampled_from("ab"), parts, max_size=2)},
            optional={
                "required": st.lists(st.sampled_from("abc"), unique=True),
                "additionalProperties": st.booleans() | parts,
            },
        )
    ),
    max_leaves=6,
)


def values_of(tree: Plain) -> list[Value]:
    return record(yaml.CBaseLoader, json.dumps(tree), 0, "x").values


def agree(document: Document) -> None:
    assert fits(document) == (next(explained(document), None) is None)


@pytest.mark.parametrize("path", REAL_FILES, ids=label)
def test_real_file_fits(path: Path) -> None:
    assert fits(document_of(path))
    agree(document_of(path))


@pytest.mark.parametrize("root", KINDS)
def test_every_schema_is_compiled(root: str) -> None:
    assert compile_schema(kind_schema(root))(values_of({"guid": "g"}), 0) is False


@settings(max_examples=500, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(damaged())
def test_both_agree_on_damaged_documents(tree: Plain) -> None:
    try:
        document = parse_document(json.dumps(tree), "x")
    except TmlError:
        return
    if document.kind.known:
        agree(document)


@settings(max_examples=1000, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(SCHEMAS, PLAIN)
def test_both_agree_on_any_schema_of_the_same_keywords(schema: dict[str, Any], tree: Plain) -> None:
    errors = [error for error in Draft202012Validator(schema).iter_errors(tree) if not is_passed_over(error)]
    assert compile_schema(schema)(values_of(tree), 0) == (errors == [])


def is_passed_over(error: ValidationError) -> bool:
    """Nothing at all, or a variable where a word is expected."""
    is_variable = isinstance(error.instance, str) and error.instance.startswith("${")
    return error.instance == "" or (error.validator == "enum" and is_variable)


@pytest.mark.parametrize("schema", [{"anyOf": [{}]}, {"type": "object", "properties": {"a": {"maxItems": 1}}}])
def test_keyword_that_is_not_known_is_refused(schema: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"not compiled: (anyOf|maxItems)"):
        compile_schema(schema)
