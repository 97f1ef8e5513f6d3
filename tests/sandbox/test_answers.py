"""The schemas that answers are held against."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator

from tests.sandbox.answers import SCHEMAS, faults, strict

NAMES = sorted(path.stem for path in SCHEMAS.glob("*.json"))


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_one(name: str) -> None:
    Draft202012Validator.check_schema(strict(name))


def test_a_key_that_is_missing_and_one_that_is_not_declared_are_faults() -> None:
    assert faults({"error": {"message": "x"}}, "error") == []
    assert faults({}, "error") == ["$: 'error' is a required property"]
    assert len(faults({"error": {"message": "x", "more": 1}}, "error")) == 1
