"""Exports into a folder: what is selected, where it goes, what is touched, what is committed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Cli, Estate
from tests.tml.real_files import RETAIL, documents_below
from tsdeploy.bundled import bundled
from tsdeploy.rest import ImportPolicy, Session, import_tml
from tsdeploy.rest.transport import Call


def answer(guid: str, name: str) -> str:
    """An answer on the view of the retail samples."""
    return (
        f"guid: {guid}\nanswer:\n  name: {json.dumps(name)}\n  tables:\n  - id: Store Monthly Sales\n"
        "    name: Store Monthly Sales\n    fqn: ab9d673f-6662-4f6f-8fec-27d2d6fa71f8\n"
        '  search_query: "[Store Name]"\n  answer_columns:\n  - name: Store Name\n'
    )


def guid(number: int) -> str:
    """A GUID."""
    return f"{number:08x}-0000-4000-8000-000000000000"


def put(estate: Estate, *texts: str) -> None:
    """Import TML into dev."""
    with estate.session("dev") as session:
        items = import_tml(session, texts, ImportPolicy.ALL_OR_NONE)
    assert [item.status.value for item in items] == ["OK"] * len(texts), items


def exported(estate: Estate) -> dict[str, bytes]:
    """The files of the TML folder."""
    return {
        path.relative_to(estate.project.tml).as_posix(): path.read_bytes() for path in estate.project.tml.rglob("*.tml")
    }


def test_files_have_the_bytes_of_the_server(retail: Estate, cli: Cli) -> None:
    cli("export", "dev")
    samples = {path.read_bytes() for path in (bundled("samples") / "retail").rglob("*.tml")}
    assert set(exported(retail).values()) <= samples


def test_object_map_lists_names_and_guids_and_the_connections_named(retail: Estate, cli: Cli) -> None:
    cli("export", "dev", "--name", "Weekly Stock Cover")
    objects = json.loads((retail.project.root / "environments/dev/objects.json").read_text("utf-8"))["objects"]
    names = {(record["kind"], record["name"], record["guid"]) for record in objects}
    assert ("sql_view", "Weekly Stock Cover", "cccba033-165d-46a0-be37-d97aee27bf66") in names
    assert ("connection", "Harbor Snowflake Dev", "5a283375-4dbc-40c5-9588-6c9699929c16") in names


def test_associated_objects_come_along_unless_told_otherwise(retail: Estate, cli: Cli) -> None:
    guid = "c2de203c-bfb8-4dd0-8906-1021e6c9fb07"
    assert "Export: 1 added" in cli("export", "dev", "--guid", guid, "--no-associated").out
    more = cli("export", "dev", "--guid", guid).out
    assert "+ view:Store Monthly Sales" in more
    assert "+ model:Retail Sales" in more
    assert "+ table:SALES" in more


def test_selection_by_kind_name_and_author(retail: Estate, cli: Cli) -> None:
    by_kind = cli("export", "dev", "--kind", "model", "--no-associated").out
    assert "Export: 2 added" in by_kind
    by_name = cli("export", "dev", "--name", "*by region*", "--kind", "answer", "--no-associated").out
    assert by_name == "+ answer:Net Sales by Region and Month\nExport: 1 added, 0 changed, 0 unchanged.\n"
    by_author = cli("export", "dev", "--author", "tsadmin", "--kind", "view", "--no-associated").out
    assert by_author == "+ view:Store Monthly Sales\nExport: 1 added, 0 changed, 0 unchanged.\n"


def test_selecting_what_is_not_there_is_an_error(retail: Estate, cli: Cli) -> None:
    outcome = cli("export", "dev", "--name", "No Such Thing", "--guid", guid(1))
    assert outcome.code == 1
    assert f"error[TD501]: there is no object {guid(1)}" in outcome.err


def test_unknown_kind_is_a_usage_error(retail: Estate, cli: Cli) -> None:
    assert cli("export", "dev", "--kind", "dashboard").code == 2


def test_renamed_object_keeps_its_path(retail: Estate, cli: Cli) -> None:
    put(retail, answer(guid(1), "Old Name"))
    cli("export", "dev", "--guid", guid(1), "--no-associated")
    put(retail, answer(guid(1), "New Name"))
    assert cli("export", "dev", "--guid", guid(1), "--no-associated").out.startswith("~ answer:New Name\n")
    assert list(exported(retail)) == ["answer/Old Name.00000001.answer.tml"]


def test_moved_file_keeps_its_place(retail: Estate, cli: Cli) -> None:
    put(retail, answer(guid(1), "A"))
    cli("export", "dev", "--guid", guid(1), "--no-associated")
    (retail.project.tml / "answer/A.00000001.answer.tml").rename(retail.project.tml / "mine.tml")
    cli("export", "dev", "--guid", guid(1), "--no-associated")
    assert list(exported(retail)) == ["mine.tml"]


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd", "con", "a:b*c?", "..", "/", "x" * 300, "näme 🎿", "\u202egnp.exe"]
)
def test_hostile_names_stay_in_the_folder(name: str, retail: Estate, cli: Cli) -> None:
    put(retail, answer(guid(1), name))
    outcome = cli("export", "dev", "--guid", guid(1), "--no-associated", "--commit")
    assert outcome.code == 0
    (path,) = exported(retail)
    assert path.startswith("answer/")
    assert path.count("/") == 1
    assert len(Path(path).name.encode()) < 255
    assert "\u202e" not in outcome.out + path


def test_names_that_collide_get_paths_of_their_own(retail: Estate, cli: Cli) -> None:
    put(retail, answer("aaaaaaaa-0000-4000-8000-000000000001", "Same"))
    put(retail, answer("aaaaaaaa-0000-4000-8000-000000000002", "SAME"))
    cli("export", "dev", "--name", "same", "--no-associated")
    assert sorted(exported(retail)) == ["answer/SAME.aaaaaaaa.answer.tml", "answer/Same~2.aaaaaaaa.answer.tml"]


def test_unchanged_files_are_not_touched(retail: Estate, cli: Cli) -> None:
    cli("export", "dev")
    before = {path: path.stat().st_mtime_ns for path in retail.project.tml.rglob("*.tml")}
    put(retail, answer(guid(1), "Another"))
    cli("export", "dev")
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_commit_holds_only_the_export_and_says_what_changed(retail: Estate, cli: Cli) -> None:
    retail.write("unrelated.txt", "mine")
    outcome = cli("export", "dev", "--kind", "view", "--no-associated", "--commit")
    assert "Committed " in outcome.out
    assert retail.repository.dirty([retail.project.root]) == ["unrelated.txt"]
    message = str(retail.repository._repo.head.commit.message)
    assert message == "Export dev: 1 added\n\nadded    view:Store Monthly Sales\n"


def test_empty_selection_is_a_warning(estate: Estate, cli: Cli) -> None:
    outcome = cli("export", "dev", "--tag", "nothing-has-it")
    assert outcome.code == 0
    assert "warning[TD502]: the selection is empty: nothing there is what was asked for" in outcome.err


def test_tags_are_recorded_also_of_what_came_along(retail: Estate, cli: Cli) -> None:
    view = "ab9d673f-6662-4f6f-8fec-27d2d6fa71f8"
    objects = retail.project.root / "environments/dev/objects.json"
    (sales,) = (one.guid for one in documents_below(RETAIL) if one.label == "table:SALES")
    with retail.session("dev") as session:
        tag(session, "release", view, sales)
        tag(session, "draft", view)
        cli("export", "dev", "--guid", view)
        recorded = {record["guid"]: record.get("tags") for record in json.loads(objects.read_text("utf-8"))["objects"]}
        assert (recorded[view], recorded[sales]) == (["draft", "release"], ["release"])
        assert [tags for guid, tags in recorded.items() if guid not in (view, sales) and tags] == []
        session.ask(Call("POST", "tags/draft/delete", {}, write=True))
    cli("export", "dev", "--guid", view)
    assert '"tags": ["draft"' not in objects.read_text("utf-8")
    assert "view:Store Monthly Sales" in cli("graph", "tag:release").out


def tag(session: Session, name: str, *guids: str) -> None:
    """Make a tag and put it on objects."""
    session.ask(Call("POST", "tags/create", {"name": name}, write=True))
    objects = [{"identifier": guid} for guid in guids]
    session.ask(Call("POST", "tags/assign", {"metadata": objects, "tag_identifiers": [name]}, write=True))
