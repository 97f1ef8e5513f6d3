"""What comes back when something is wrong with an object, with the server, or with the way there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.conftest import Cli, Estate, environment_yaml
from tests.deploy.liar import lying
from tests.export.test_export import answer, exported, guid, put
from tsdeploy.bundled import bundled
from tsdeploy.export.collect import Collector, Extent
from tsdeploy.export.fetch import export_options, fetch
from tsdeploy.export.parallel import all_pages, in_order
from tsdeploy.export.sizing import FIRST, LARGEST, Sizing
from tsdeploy.rest import ImportPolicy, ObjectRef, SearchQuery, Session, import_tml, search_metadata
from tsdeploy.sandbox import Cluster, NewGroup, NewUser, Server, add_group, add_user, load_folder, read_settings
from tsdeploy.sandbox.store.marks import Mark
from tsdeploy.sandbox.traffic.limits import Limits, RateLimit
from tsdeploy.sessions import connect

MODEL = "9a5c5542-7e89-4749-ab04-f13c30a823fc"
SALES = "5da37430-e2ff-4a20-9c6d-79416ba67a8c"
BOARD = "04829e91-0776-4a3a-bf88-a0ce9e745fb4"
PLAIN = export_options("guid", associated=False)


@pytest.fixture
def session(retail: Estate) -> Iterator[Session]:
    """A session with dev, which has forty answers more than the samples."""
    put(retail, *(answer(guid(number), f"Answer {number}") for number in range(40)))
    with retail.session("dev") as opened:
        yield opened


def mark(estate: Estate, identifier: str, *marks: Mark) -> None:
    """Say of an object what no import can."""
    with estate.clusters["dev"].database.transaction():
        estate.clusters["dev"].marks.put(identifier, marks)


def all_answers() -> list[ObjectRef]:
    """The forty."""
    return [ObjectRef(guid(number), "ANSWER") for number in range(40)]


def test_an_object_that_cannot_be_written_out_costs_one_finding(retail: Estate, session: Session) -> None:
    mark(retail, guid(17), Mark.UNSERIALISABLE)
    result = fetch(session, all_answers(), PLAIN)
    assert len(result.objects) == 39
    assert [finding.code for finding in result.findings] == ["TD503"]
    assert guid(17) in result.findings[0].message


def test_an_object_that_is_not_there_costs_one_finding_and_one_more_call(retail: Estate, session: Session) -> None:
    before = session.budget.usage
    result = fetch(session, [*all_answers()[:20], ObjectRef(guid(999), "ANSWER")], PLAIN)
    assert len(result.objects) == 20
    assert [guid(999) in finding.message for finding in result.findings] == [True]
    assert session.budget.usage.since(before).calls <= 2 + 2 + 5


def test_an_object_in_a_bad_state_costs_one_finding(retail: Estate, session: Session) -> None:
    mark(retail, guid(3), Mark.INVALID_STATE)
    result = fetch(session, all_answers(), PLAIN)
    assert (len(result.objects), len(result.findings)) == (39, 1)


def test_a_broken_table_does_not_take_what_is_built_on_it_along(retail: Estate, session: Session) -> None:
    mark(retail, SALES, Mark.UNSERIALISABLE)
    collector = Collector(session, Extent())
    headers = list(search_metadata(session, SearchQuery(types=("LIVEBOARD", "ANSWER"))))
    came = {item.document.label for item in collector.collect(headers)}
    assert {header.id for header in headers} <= collector.headers.keys()
    assert {"model:Retail Sales", "table:STORES", "liveboard:Executive Weekly Summary"} <= came
    assert "table:SALES" not in came
    assert list(collector.refused) == [SALES]


def test_what_hangs_on_a_liveboard_on_a_broken_table_is_said_to_be_missing(retail: Estate, session: Session) -> None:
    mark(retail, SALES, Mark.UNSERIALISABLE)
    collector = Collector(session, Extent())
    headers = list(search_metadata(session, SearchQuery(identifiers=(BOARD,))))
    assert BOARD in {item.guid for item in collector.collect(headers)}
    assert [finding.code for finding in collector.left_out.values()] == ["TD505"]


def test_objects_without_access_are_listed(retail: Estate, cli: Cli) -> None:
    cluster = retail.clusters["dev"]
    with cluster.database.transaction():
        add_group(cluster, NewGroup(name="exporters", privileges=("DATADOWNLOADING",)))
        add_user(cluster, NewUser(name="ann", groups=("exporters",)))
        cluster.shares.set_discoverable([BOARD], wanted=True)
    text = environment_yaml(retail.servers["dev"].url, "export: {kinds: [liveboard]}\n").replace("tsadmin", "ann")
    retail.write("environments/dev/environment.yaml", text)
    outcome = cli("export", "dev")
    assert outcome.code == 1
    assert "error[TD503]: the server would not export" in outcome.err
    assert BOARD in outcome.err


@pytest.mark.parametrize("kind", ["status", "reset", "truncate", "broken_json", "maintenance"])
def test_faults_on_the_way_change_nothing(kind: str, retail: Estate, session: Session) -> None:
    wanted = {item.guid: item.document.text for item in fetch(session, all_answers(), PLAIN).objects}
    faults = retail.clusters["dev"].traffic.faults
    faults.add(kind, "metadata/tml/export", nth=1)
    assert {item.guid: item.document.text for item in fetch(session, all_answers(), PLAIN).objects} == wanted


def test_a_listing_survives_a_spoiled_page(retail: Estate, cli: Cli) -> None:
    retail.clusters["dev"].traffic.faults.add("broken_json", "metadata/search", nth=1)
    assert cli("export", "dev").code == 0


def test_a_release_without_the_newest_options_is_asked_without_them(retail: Estate) -> None:
    with Cluster(settings=read_settings({"release": "10.4"})) as cluster, Server(cluster) as server:
        for name in ("connection", "table", "sql_view"):
            load_folder(cluster, bundled("samples") / "retail" / name)
        with connect(replace(retail.project.environment("dev"), url=server.url)) as session:
            headers = list(search_metadata(session, SearchQuery(types=("LOGICAL_TABLE",))))
            collector = Collector(session, Extent())
            assert len(list(collector.collect(headers))) == len(headers)
            assert not collector.refused


def test_one_bad_answer_does_not_cost_the_aliases(retail: Estate, session: Session) -> None:
    """A proxy spoils one call, so that the server does not understand its options."""
    alias = "column_alias:\n  name: Retail Sales\n  model:\n    name: Retail Sales\n  columns:\n  - name: Net Sales\n"
    assert [item.status.value for item in import_tml(session, [alias], ImportPolicy.ALL_OR_NONE)] == ["OK"]
    models = [ObjectRef(header.id) for header in search_metadata(session, SearchQuery(name_pattern="Retail Sales"))]
    asked: list[str] = []

    def spoil(path: str, body: dict[str, Any]) -> dict[str, Any]:
        asked.extend([path] if path == "metadata/tml/export" else [])
        return {**body, "export_options": {"unheard_of": True}} if len(asked) == 1 else body

    dev = retail.project.environment("dev")
    with lying(dev.url) as liar, connect(replace(dev, url=liar.url)) as behind:
        liar.ask = spoil
        found = fetch(behind, models, replace(PLAIN, aliases=True)).objects
    assert any(item.document.label.startswith("column_alias:") for item in found)
    assert len(asked) == 2


def test_rate_limits_are_kept_by_all_together(retail: Estate, session: Session) -> None:
    limits = Limits(on=True, every_endpoint=RateLimit(per_second=20, burst=2))
    retail.clusters["dev"].traffic.limits = limits
    result = fetch(session, all_answers(), PLAIN)
    assert (len(result.objects), result.findings) == (40, ())


def test_results_come_in_order_and_no_more_is_begun_than_needed() -> None:
    begun: list[int] = []

    def things() -> Iterator[int]:
        for number in range(100):
            begun.append(number)
            yield number

    results = in_order(lambda number: number * 2, things(), 4)
    assert next(results) == 0
    assert len(begun) == 6
    assert list(results) == list(range(2, 200, 2))


def test_what_the_work_raises_ends_the_rest() -> None:
    def fail(number: int) -> int:
        if number == 3:
            raise ValueError("three")
        return number

    results = in_order(fail, range(100), 2)
    with pytest.raises(ValueError, match="three"):
        list(results)


@pytest.mark.parametrize("length", [0, 1, 9, 10, 11, 35, 100])
@pytest.mark.parametrize("expected", [0, 30])
def test_all_pages_are_read_whatever_is_expected(length: int, expected: int) -> None:
    def page(offset: int) -> list[int]:
        return list(range(length))[offset : offset + 10]

    assert list(all_pages(page, 10, expected)) == list(range(length))


def test_batches_grow_with_quick_answers_and_shrink_with_slow_ones() -> None:
    sizing = Sizing(8)
    sizing.begin(10_000)
    assert sizing.next(10_000) == FIRST
    for _ in range(5):
        sizing.learn(50, 0.5, 50_000)
    assert sizing.next(10_000) == LARGEST
    sizing.learn(100, 60.0, 100_000)
    assert sizing.next(10_000) == 10
    sizing.learn(10, 0.1, 10 * 1024 * 1024)
    assert sizing.next(10_000) == 5


def test_few_objects_are_shared_out_among_all_workers() -> None:
    sizing = Sizing(8)
    sizing.begin(50)
    assert sizing.next(50) == 7


def test_files_stay_as_they_are_when_nothing_changed(retail: Estate, cli: Cli) -> None:
    cli("export", "dev")
    before = exported(retail)
    objects = (retail.project.root / "environments/dev/objects.json").read_bytes()
    assert "Export: 0 added, 0 changed" in cli("export", "dev").out
    assert exported(retail) == before
    assert (retail.project.root / "environments/dev/objects.json").read_bytes() == objects
