"""Loading a folder of TML into a cluster."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sandbox import tml
from tests.sandbox.client import Client
from tests.sandbox.conftest import ORG
from tests.sandbox.test_fidelity import FOLDERS, needs_corpus
from tsdeploy.errors import TsdeployError
from tsdeploy.sandbox import Cluster, load_folder, org_id_of


def _write(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        path = folder / f"{name.replace('_', '/')}.tml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_a_folder_is_loaded_in_any_layout_and_order(cluster: Cluster, client: Client, tmp_path: Path) -> None:
    board, search, model, orders, warehouse = reversed(tml.ESTATE)
    _write(tmp_path, a_board=board, b_search=search, c=model, d_e_f=orders, z=warehouse)

    loaded = load_folder(cluster, tmp_path)

    assert {item.path for item in loaded} == {"a/board.tml", "b/search.tml", "c.tml", "d/e/f.tml", "z.tml"}
    assert len(client.names()) == 5


def test_connections_that_nobody_has_are_made_up(cluster: Cluster, client: Client, tmp_path: Path) -> None:
    loaded = load_folder(cluster, _write(tmp_path, t=tml.table(), m=tml.model()))

    assert [item.name for item in loaded if not item.path] == ["Warehouse"]
    assert client.names() == ["ORDERS", "Sales", "Warehouse"]


def test_connections_that_are_there_are_used(cluster: Cluster, client: Client, tmp_path: Path) -> None:
    client.load(tml.connection())

    load_folder(cluster, _write(tmp_path, t=tml.table()))

    assert client.names(metadata=[{"type": "CONNECTION"}]) == ["Warehouse"]


def test_feedback_and_alerts_are_loaded_after_what_they_need(cluster: Cluster, client: Client, tmp_path: Path) -> None:
    texts = {
        "a": tml.alert(tml.L1, tml.V1),
        "b": tml.feedback("how much"),
        "c": tml.liveboard(),
        "d": tml.model(tail=tml.SPOTTER),
        "e": tml.table(),
    }

    loaded = load_folder(cluster, _write(tmp_path, **texts))

    assert [item.path for item in loaded][-2:] == ["b.tml", "a.tml"]


def test_an_org_is_loaded_by_id(cluster: Cluster, client: Client, tmp_path: Path) -> None:
    load_folder(cluster, _write(tmp_path, c=tml.connection()), org=org_id_of(ORG))

    assert client.names() == []
    assert [item.name for item in cluster.objects.in_org(org_id_of(ORG))] == ["Warehouse"]


def test_all_that_fails_is_listed_and_nothing_is_loaded(cluster: Cluster, client: Client, tmp_path: Path) -> None:
    _write(tmp_path, a=tml.answer(), b=tml.table(columns=()), c=tml.connection())

    with pytest.raises(TsdeployError) as caught:
        load_folder(cluster, tmp_path)

    assert [(finding.code, str(finding.location)) for finding in caught.value.findings] == [
        ("TD801", "a.tml"),
        ("TD801", "b.tml"),
    ]
    assert client.names() == []


def test_files_that_are_no_tml_are_all_listed(cluster: Cluster, tmp_path: Path) -> None:
    _write(tmp_path, a="table: [", b="nothing: of use\n", c=tml.connection())

    with pytest.raises(TsdeployError) as caught:
        load_folder(cluster, tmp_path)

    assert [finding.code for finding in caught.value.findings] == ["TD102", "TD103"]


def test_a_folder_without_tml_is_refused(cluster: Cluster, tmp_path: Path) -> None:
    with pytest.raises(TsdeployError, match="TD805"):
        load_folder(cluster, tmp_path)


def test_an_unknown_org_is_refused(cluster: Cluster, tmp_path: Path) -> None:
    with pytest.raises(TsdeployError, match="TD806"):
        load_folder(cluster, _write(tmp_path, c=tml.connection()), org=77)


@needs_corpus
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_real_folder_is_loaded(cluster: Cluster, folder: Path) -> None:
    loaded = load_folder(cluster, folder)

    assert {item.path for item in loaded if item.path} == {path.name for path in folder.glob("*.tml")}


@needs_corpus
def test_all_real_folders_fit_into_one_cluster(cluster: Cluster) -> None:
    loaded = [item for folder in FOLDERS for item in load_folder(cluster, folder)]

    assert len(cluster.objects.in_org(0)) == len(loaded)
