"""What comes out is what went in, byte for byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.sandbox import tml
from tests.sandbox.client import Client
from tests.tml.real_files import CORPUS
from tsdeploy.sandbox import Cluster, load_folder

FOLDERS = sorted(path for path in CORPUS.glob("*") if path.is_dir())

needs_corpus = pytest.mark.skipif(not FOLDERS, reason="the corpus is not on this machine")


@needs_corpus
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_real_export_comes_back_byte_for_byte(cluster: Cluster, client: Client, folder: Path) -> None:
    loaded = [item for item in load_folder(cluster, folder) if item.path]

    for item in loaded:
        assert client.edoc(item.guid) == (folder / item.path).read_text(encoding="utf-8"), item.path


@needs_corpus
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
@pytest.mark.parametrize("fqn", [False, True])
def test_importing_an_export_again_changes_nothing(cluster: Cluster, client: Client, folder: Path, fqn: bool) -> None:
    guids = [item.guid for item in load_folder(cluster, folder)]
    texts = [client.edoc(guid, export_fqn=fqn) for guid in guids]
    before = cluster.database.dump()

    client.load(*texts)

    assert cluster.database.dump() == before
    assert [client.edoc(guid, export_fqn=fqn) for guid in guids] == texts


@pytest.mark.parametrize("text", tml.ESTATE, ids=tml.ESTATE_KINDS)
def test_a_small_one_comes_back_byte_for_byte(estate: Client, text: str) -> None:
    guid = text.split("\n", maxsplit=1)[0].removeprefix("guid: ")

    assert estate.edoc(guid) == text


def test_with_obj_ids_and_references_it_comes_back_byte_for_byte(client: Client) -> None:
    texts = (
        tml.connection(obj_id="wh", guid=""),
        tml.table(obj_id="orders", guid="", connected="name: Warehouse\n    obj_id: wh"),
        tml.model(obj_id="sales", guid="", tables=["name: ORDERS|obj_id: orders"]),
        tml.liveboard(obj_id="overview", guid="", source="id: Sales|name: Sales|obj_id: sales"),
    )
    guids = client.load(*texts)
    options = {"include_guid": False, "include_obj_id": True, "include_obj_id_ref": True}

    assert tuple(client.edoc(guid, export_options=options) for guid in guids) == texts


def test_the_guid_may_stand_behind_the_content(client: Client) -> None:
    text = tml.connection(guid="") + f"guid: {tml.C1}\n"

    assert client.load(text) == [tml.C1]
    assert client.edoc(tml.C1) == text


def test_windows_line_ends_and_a_missing_last_one_are_mended(client: Client) -> None:
    client.load("\ufeff" + tml.connection().replace("\n", "\r\n").rstrip())

    assert client.edoc(tml.C1) == tml.connection()


@pytest.mark.parametrize("text", tml.ESTATE, ids=tml.ESTATE_KINDS)
def test_json_in_is_the_same_as_yaml_in(client: Client, text: str) -> None:
    client.load(*tml.ESTATE)
    guid = text.split("\n", maxsplit=1)[0].removeprefix("guid: ")
    edoc = client.post("/metadata/tml/export", {"metadata": [{"identifier": guid}]}).json()[0]["edoc"]

    client.load(edoc, skip_diff_check=True)

    assert json.loads(edoc)["guid"] == guid
    assert client.edoc(guid) == text


def test_long_and_odd_values_are_kept(client: Client) -> None:
    odd = '  description: "' + "é🙂\\_" * 2000 + '"\n  notes: |-\n    one\n      two\n  oper: =\n'

    client.load(tml.connection() + odd)

    assert client.edoc(tml.C1) == tml.connection() + odd
