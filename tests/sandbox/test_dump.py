"""Writing an Org to a folder, and filling a sandbox from it again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.sandbox import tml
from tests.sandbox.conftest import ORG
from tests.sandbox.test_fidelity import FOLDERS, needs_corpus
from tests.tml.real_files import RETAIL
from tsdeploy.errors import TsdeployError, UsageError
from tsdeploy.sandbox import Cluster, Settings, dump_folder, load_folder, org_id_of

SAMPLES = [RETAIL, RETAIL.parent / "retail-objid"]


def content(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def identities(cluster: Cluster) -> dict[str, str]:
    """GUID → obj_id of the objects that carry their own in TML; feedback carries its Model's."""
    return {item.guid: item.obj_id for item in cluster.objects.in_org(0) if item.kind != "nls_feedback"}


def assert_comes_back(source: Path, scratch: Path) -> None:
    """Loaded, dumped, loaded elsewhere and dumped again, it is the same to the byte."""
    with Cluster() as first, Cluster() as second:
        load_folder(first, source)
        dump_folder(first, scratch / "one")
        load_folder(second, scratch / "one")
        dump_folder(second, scratch / "two")

        assert content(scratch / "one") == content(scratch / "two")
        assert identities(first) == identities(second)


@pytest.mark.parametrize("source", SAMPLES, ids=lambda path: path.name)
def test_samples_come_back_to_the_byte(source: Path, tmp_path: Path) -> None:
    assert_comes_back(source, tmp_path)


@needs_corpus
@pytest.mark.parametrize("source", FOLDERS, ids=lambda path: path.name)
def test_real_folders_come_back_to_the_byte(source: Path, tmp_path: Path) -> None:
    assert_comes_back(source, tmp_path)


def test_guids_and_obj_ids_are_both_kept(tmp_path: Path) -> None:
    with Cluster(settings=Settings(auto_obj_ids=True)) as first:
        load_folder(first, RETAIL)
        dump_folder(first, tmp_path)
        before = identities(first)
    with Cluster() as second:
        load_folder(second, tmp_path)

        assert identities(second) == before
        assert any(before.values())


def test_names_cannot_leave_the_folder(cluster: Cluster, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for number, name in enumerate(("../../up", "CON", "a/b\\c", "x" * 300, "'.'")):
        text = tml.connection(name=name, guid=f"c000000{number}-0000-4000-8000-00000000000a")
        (source / f"{number}.tml").write_text(text, encoding="utf-8")
    load_folder(cluster, source)

    files = dump_folder(cluster, tmp_path / "out")

    assert len(files) == 5
    assert {path.parent for path in (tmp_path / "out").rglob("*.tml")} == {tmp_path / "out" / "connection"}
    with Cluster() as other:
        assert len(load_folder(other, tmp_path / "out")) == 5


def test_a_folder_with_tml_is_refused(cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / "c.tml").write_text(tml.connection(), encoding="utf-8")

    with pytest.raises(UsageError, match="TD812"):
        dump_folder(cluster, tmp_path)


def test_an_org_is_written_by_itself(cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / "c.tml").write_text(tml.connection(), encoding="utf-8")
    load_folder(cluster, tmp_path, org=org_id_of(ORG))

    assert dump_folder(cluster, tmp_path / "primary") == ()
    assert len(dump_folder(cluster, tmp_path / "sales", org=org_id_of(ORG))) == 1


@pytest.mark.parametrize("place", ["objects.json", "environments/dev/objects.json"])
def test_an_exported_folder_gives_objects_without_a_guid_the_one_they_had(
    place: str, cluster: Cluster, tmp_path: Path
) -> None:
    (tmp_path / "tml").mkdir()
    (tmp_path / "tml" / "c.tml").write_text(tml.connection(guid="", obj_id="wh"), encoding="utf-8")
    (tmp_path / "tml" / "t.tml").write_text(tml.table(guid=""), encoding="utf-8")
    (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
    records = [
        {"kind": "connection", "name": "Warehouse", "guid": tml.C1, "obj_id": "wh"},
        {"kind": "table", "name": "ORDERS", "guid": tml.T1},
    ]
    (tmp_path / place).write_text(json.dumps({"version": 1, "objects": records}), encoding="utf-8")

    load_folder(cluster, tmp_path)

    assert {(item.guid, item.obj_id) for item in cluster.objects.in_org(0)} == {(tml.C1, "wh"), (tml.T1, "")}


def test_the_map_of_a_target_says_nothing_about_the_folder(cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / "c.tml").write_text(tml.connection(guid=""), encoding="utf-8")
    record = {"kind": "connection", "name": "Warehouse", "guid": tml.C1, "source": tml.NOWHERE}
    (tmp_path / "objects.json").write_text(json.dumps({"objects": [record]}), encoding="utf-8")

    (loaded,) = load_folder(cluster, tmp_path)

    assert loaded.guid != tml.C1


def test_a_name_that_two_objects_have_gives_none_a_guid(cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / "c.tml").write_text(tml.connection(guid=""), encoding="utf-8")
    records = [{"kind": "connection", "name": "Warehouse", "guid": guid} for guid in (tml.C1, tml.NOWHERE)]
    (tmp_path / "objects.json").write_text(json.dumps({"objects": records}), encoding="utf-8")

    (loaded,) = load_folder(cluster, tmp_path)

    assert loaded.guid not in (tml.C1, tml.NOWHERE)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"objects": [1]}', '{"objects": 1}'])
def test_a_map_that_cannot_be_read_is_named(text: str, cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / "c.tml").write_text(tml.connection(), encoding="utf-8")
    (tmp_path / "objects.json").write_text(text, encoding="utf-8")

    with pytest.raises(TsdeployError, match="TD811"):
        load_folder(cluster, tmp_path)
