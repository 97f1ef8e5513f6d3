"""Coercion and strictness of declared arguments, seen through the endpoints."""

from __future__ import annotations

import pytest

from tests.sandbox.client import Client
from tsdeploy.sandbox.web.arguments import coerce, enum, flag, group, number, text
from tsdeploy.sandbox.web.failures import ApiError


def test_an_unknown_key_at_the_top_is_ignored(estate: Client) -> None:
    assert estate.names(totally_made_up_key_zzz=1) == estate.names()


def test_an_unknown_key_inside_an_object_is_400(client: Client) -> None:
    response = client.post("/metadata/search", {"metadata": [{"obj_id": "x"}]})

    assert response.status_code == 400
    assert 'Field "obj_id" is not defined' in response.json()["error"]["message"]["debug"]


def test_a_wrong_enum_value_is_400_and_says_where(client: Client) -> None:
    response = client.post("/metadata/search", {"metadata": [{"type": "QUESTION_ANSWER_BOOK"}]})

    assert response.status_code == 400
    said = response.json()["error"]["message"]["debug"]
    assert said.startswith('Variable "$metadata" got invalid value "QUESTION_ANSWER_BOOK" at "metadata[0].type";')


def test_a_missing_required_argument_is_400_with_plain_text(client: Client) -> None:
    response = client.post("/tags/create", {})

    assert response.status_code == 400
    said = response.json()["error"]["message"]
    assert said == 'Variable "$name" of required type "String!" was not provided.'


def test_a_missing_required_field_of_an_object_is_400(client: Client) -> None:
    response = client.post("/metadata/delete", {"metadata": [{"type": "ANSWER"}]})

    assert response.status_code == 400
    assert 'Field "identifier" of required type "String!" was not provided.' in response.text.replace('\\"', '"')


def test_a_single_value_stands_for_a_list(estate: Client) -> None:
    assert estate.names(metadata={"type": "ANSWER"}) == ["By region"]


def test_a_number_stands_for_text() -> None:
    assert coerce((text("org_identifier"),), {"org_identifier": 5}) == {"org_identifier": "5"}


@pytest.mark.parametrize(("given", "read"), [(True, True), ("true", True), ("false", False), (None, False)])
def test_a_boolean_may_be_text(given: object, read: bool) -> None:
    assert coerce((flag("remember_me"),), {"remember_me": given}) == {"remember_me": read}


@pytest.mark.parametrize("given", [{"n": "many"}, {"n": 1.5}, {"n": True}, {"f": "yes"}, {"t": []}, {"t": True}])
def test_a_value_of_another_type_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(ApiError) as caught:
        coerce((number("n"), flag("f"), text("t")), given)

    assert caught.value.status == 400


def test_defaults_fill_in_nested_fields() -> None:
    declared = (group("options", flag("include_guid", True), enum("mode", "A", "B", default="A")),)

    assert coerce(declared, {"options": {}}) == {"options": {"include_guid": True, "mode": "A"}}
