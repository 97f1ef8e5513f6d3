"""TML export and import in V1, called as the Python library calls them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.sandbox import tml
from tests.sandbox.answers import faults
from tests.sandbox.client import Client
from tests.sandbox.v1.client import TML, V1Client, refused

PARSED = {"guid": tml.C1, "connection": {"name": "Warehouse", "type": "RDBMS_SNOWFLAKE"}}


def test_yaml_is_the_default_and_json_can_be_asked_for(v1: V1Client, estate: Client) -> None:
    (shown,) = v1.tml("metadata/tml/export", export_ids=json.dumps([tml.A1]))["object"]
    (parsed,) = v1.tml("metadata/tml/export", export_ids=json.dumps([tml.A1]), formattype="JSON")["object"]

    assert shown["edoc"] == tml.answer()
    assert shown["info"]["status"] == {"status_code": "OK"}
    assert json.loads(parsed["edoc"])["answer"]["name"] == "By region"


def test_what_is_asked_for_comes_first_and_the_associated_after_it(v1: V1Client, estate: Client) -> None:
    form = {"export_ids": json.dumps([tml.L1]), "export_associated": "true", "export_fqn": "true"}

    objects = v1.tml("metadata/tml/export", **form)["object"]

    assert {item["info"]["name"]: item["info"]["id"] for item in objects} == {
        "Overview": tml.L1,
        "Sales": tml.M1,
        "ORDERS": tml.T1,
    }
    assert objects[0]["info"]["name"] == "Overview"
    assert f"fqn: {tml.M1}" in objects[0]["edoc"]


@pytest.mark.parametrize("path", ["export", "import"])
def test_tml_is_sent_as_plain_text_only(path: str, v1: V1Client) -> None:
    response = v1.call("POST", f"metadata/tml/{path}", data={}, headers={"Accept": "application/json"})

    refused(response, 406, 10002)


def test_what_is_not_there_is_400(v1: V1Client) -> None:
    for form in ({"export_ids": json.dumps([tml.NOWHERE])}, {}, {"export_ids": f'["{tml.A1}"]', "formattype": "XML"}):
        response = v1.call("POST", "metadata/tml/export", data=form, headers=TML)
        assert response.status_code == 400
        assert faults(response.json(), "v1_error") == []


@pytest.mark.parametrize(
    "objects",
    [
        str([tml.connection()]),
        str([json.dumps(PARSED)]),
        json.dumps([tml.connection()]),
        json.dumps([PARSED]),
        str([PARSED]),
        tml.connection(),
    ],
    ids=["printed YAML", "printed JSON", "YAML", "objects", "printed objects", "one text"],
)
def test_lists_of_tml_come_in_many_ways(objects: str, v1: V1Client, client: Client) -> None:
    answer = v1.tml("metadata/tml/import", import_objects=objects, import_policy="ALL_OR_NONE", force_create="false")

    (item,) = answer["object"]
    assert faults(item["response"], "import_item_response") == []
    assert item["response"]["header"]["id_guid"] == tml.C1
    assert "info" not in item
    assert client.names() == ["Warehouse"]


def test_quotes_and_unicode_survive_what_python_prints(v1: V1Client, client: Client) -> None:
    names = ["it's", 'a "quote"', "Übersicht – 総計", "back\\slash"]
    texts = [json.dumps({"connection": {"name": name, "type": "RDBMS_SNOWFLAKE"}}) for name in names]

    v1.tml("metadata/tml/import", import_objects=str(texts), import_policy="ALL_OR_NONE")

    assert client.names() == sorted(names)


def test_errors_come_per_item_and_with_200(v1: V1Client, client: Client) -> None:
    items = v1.tml("metadata/tml/import", import_objects=str(["nonsense", tml.connection()]))["object"]

    assert [item["response"]["status"]["status_code"] for item in items] == ["ERROR", "OK"]
    assert client.names() == ["Warehouse"], "PARTIAL is the default"


def test_force_create_makes_new_objects(v1: V1Client, client: Client) -> None:
    client.load(tml.connection())

    v1.tml("metadata/tml/import", import_objects=str([tml.connection("Other")]), force_create="true")

    assert client.names() == ["Other", "Warehouse"]


@pytest.mark.parametrize("form", [{}, {"import_objects": "[]"}, {"import_objects": "['x'", "import_policy": "ALL"}])
def test_a_bad_form_is_400(form: dict[str, Any], v1: V1Client) -> None:
    refused(v1.call("POST", "metadata/tml/import", data=form, headers=TML), 400, 10002)


def test_users_groups_and_roles_come_in_batches(v1: V1Client) -> None:
    answer = v1.tml("metadata/tml/export/batch", type="USER", batch_offset="0", batch_size="200")

    assert faults(answer, "tml_export_batch") == []
    assert "tsadmin" in [item["info"]["name"] for item in answer["data"]["result"]]
    refused(v1.call("POST", "metadata/tml/export/batch", data={"type": "LIVEBOARD"}, headers=TML), 400, 10002)
