"""Snapshots and forks: everything that a cluster remembers, at one time."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.sandbox import tml
from tests.sandbox.client import Client
from tsdeploy.errors import UsageError
from tsdeploy.sandbox import Cluster, Server, Settings, load_folder
from tsdeploy.sandbox.importing.request import ImportRequest, Policy
from tsdeploy.sandbox.importing.run import run_import
from tsdeploy.sandbox.wellknown import TSADMIN_ID


def fill(cluster: Cluster, *texts: str) -> None:
    """Import TML into Primary."""
    with cluster.database.transaction():
        outcomes = run_import(cluster, ImportRequest(texts, 0, "Primary", TSADMIN_ID, Policy.ALL_OR_NONE))
    assert not any(outcome.failed for outcome in outcomes)


@pytest.fixture(params=["memory", "file"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    """Where a cluster is."""
    return tmp_path / "cluster.sqlite" if request.param == "file" else None


def test_everything_is_restored(kept: Path | None) -> None:
    with Cluster(kept) as cluster:
        fill(cluster, *tml.ESTATE)
        before = cluster.database.dump()
        cluster.snapshots.save("before")
        cluster.objects.delete([tml.C1, tml.T1])
        cluster.add_org("New")
        assert cluster.database.dump() != before

        cluster.restore("before")

        assert cluster.database.dump() == before


def test_a_snapshot_can_be_restored_again_and_again(kept: Path | None) -> None:
    with Cluster(kept) as cluster:
        cluster.snapshots.save("empty")
        for _ in range(3):
            fill(cluster, tml.connection())
            cluster.restore("empty")
            assert cluster.objects.in_org(0) == []


def test_a_newer_snapshot_takes_the_place_of_an_older_one(kept: Path | None) -> None:
    with Cluster(kept) as cluster:
        cluster.snapshots.save("latest")
        fill(cluster, tml.connection())
        cluster.snapshots.save("latest")
        cluster.restore("latest")

        assert len(cluster.objects.in_org(0)) == 1
        assert [snapshot.name for snapshot in cluster.snapshots.all()] == ["latest"]


def test_what_is_not_there_cannot_be_restored_or_deleted(kept: Path | None) -> None:
    with Cluster(kept) as cluster:
        for change in (cluster.restore, cluster.snapshots.delete):
            with pytest.raises(UsageError, match="TD809"):
                change("nowhere")
        assert cluster.snapshots.all() == ()


@pytest.mark.parametrize("name", ["", "../up", "a/b", "A", "x" * 41])
def test_a_name_that_could_leave_the_folder_is_refused(name: str, tmp_path: Path) -> None:
    with Cluster(tmp_path / "cluster.sqlite") as cluster:
        with pytest.raises(UsageError, match="TD807"):
            cluster.snapshots.save(name)
        with pytest.raises(UsageError, match="TD809"):
            cluster.restore(name)


def test_snapshots_in_files_outlive_the_process(tmp_path: Path) -> None:
    with Cluster(tmp_path / "cluster.sqlite") as cluster:
        fill(cluster, tml.connection())
        cluster.snapshots.save("kept")
        cluster.objects.delete([tml.C1])
    with Cluster(tmp_path / "cluster.sqlite") as again:
        again.restore("kept")

        assert [item.name for item in again.objects.in_org(0)] == ["Warehouse"]


def test_the_database_stays_durable_after_a_restore(tmp_path: Path) -> None:
    with Cluster(tmp_path / "cluster.sqlite") as cluster:
        cluster.snapshots.save("one")
        cluster.restore("one")
        mode = sqlite3.connect(tmp_path / "cluster.sqlite").execute("PRAGMA journal_mode").fetchone()[0]

        assert mode == "wal"


def test_sessions_of_before_the_snapshot_are_good_after_it(cluster: Cluster, client: Client) -> None:
    cluster.snapshots.save("one")
    client.load(tml.connection())
    cluster.restore("one")

    assert client.names() == []


def test_a_fork_goes_its_own_way(cluster: Cluster) -> None:
    fill(cluster, tml.connection())
    with cluster.fork() as copy:
        assert copy.database.dump() == cluster.database.dump()
        fill(copy, tml.table())

        assert len(copy.objects.in_org(0)) == 2
    assert len(cluster.objects.in_org(0)) == 1


def test_requests_go_on_while_a_snapshot_is_taken(tmp_path: Path) -> None:
    with Cluster(tmp_path / "c.sqlite", Settings(seed=1)) as cluster, Server(cluster):
        fill(cluster, *tml.ESTATE)
        for number in range(5):
            cluster.snapshots.save("busy")
            fill(cluster, tml.connection(name=f"W{number}", guid=f"c000000{number}-0000-4000-8000-000000000002"))
        cluster.restore("busy")

        assert len(cluster.objects.in_org(0)) == len(tml.ESTATE) + 4


def test_loading_into_a_restored_cluster_works(cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / "c.tml").write_text(tml.connection(), encoding="utf-8")
    cluster.snapshots.save("empty")
    for _ in range(2):
        (loaded,) = load_folder(cluster, tmp_path)
        assert loaded.guid == tml.C1
        cluster.restore("empty")


def of_another_version(path: Path) -> None:
    """Make a database look as if another schema had made it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 1")


def test_data_of_another_version_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "cluster.sqlite"
    Cluster(path).close()
    of_another_version(path)
    before = path.read_bytes()

    with pytest.raises(UsageError, match="written by another version"):
        Cluster(path)

    assert path.read_bytes() == before


def test_a_snapshot_of_another_version_is_refused(tmp_path: Path) -> None:
    with Cluster(tmp_path / "cluster.sqlite") as cluster:
        cluster.snapshots.save("old")
        of_another_version(tmp_path / "cluster.snapshots" / "old.sqlite")
        before = cluster.database.dump()

        with pytest.raises(UsageError, match="the snapshot was written by another version"):
            cluster.restore("old")

        assert cluster.database.dump() == before


def test_a_listing_is_kept_until_something_is_written_or_taken_back(kept: Path | None) -> None:
    def listed() -> set[str]:
        return {item.guid for item in cluster.objects.listed(0)}

    def change_and_fail() -> None:
        with cluster.database.transaction():
            cluster.objects.delete([tml.T1])
            seen.append(listed())
            raise InterruptedError

    seen: list[set[str]] = []
    with Cluster(kept) as cluster:
        fill(cluster, *tml.ESTATE)
        everything = listed()
        assert tml.T1 in everything
        assert cluster.objects.listed(0) is cluster.objects.listed(0)
        with pytest.raises(InterruptedError):
            change_and_fail()
        assert seen == [everything - {tml.T1}]
        assert listed() == everything
        cluster.snapshots.save("before")
        cluster.objects.delete([tml.T1])
        assert listed() == everything - {tml.T1}
        cluster.snapshots.restore("before")
        assert listed() == everything
