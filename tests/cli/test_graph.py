"""``tsdeploy graph``: the working folder or a commit, in every format, with what is loose and what is wrong."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import Cli, Outcome
from tests.tml.tml_texts import guid, liveboard, model, table
from tsdeploy.bundled import bundled
from tsdeploy.git import create_repository
from tsdeploy.tml import reading
from tsdeploy.visible import cells


class Place:
    """A committed project and the command line in it."""

    def __init__(self, root: Path, cli: Cli) -> None:
        self.root = root
        self._cli = cli

    def graph(self, *arguments: str) -> Outcome:
        return self._cli("--project", str(self.root), "graph", *arguments)

    def environment(self, name: str, record: dict[str, object], more: str = "") -> None:
        folder = self.root / "environments" / name
        folder.mkdir()
        auth = '{type: trusted, username: svc, secret_key: "${env:KEY}"}'
        (folder / "environment.yaml").write_text(f"version: 1\nurl: https://{name}.example\nauth: {auth}\n{more}")
        (folder / "objects.json").write_text(json.dumps({"version": 1, "objects": [record]}))

    def write(self, path: str, text: str) -> None:
        file = self.root / "tml" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("utf-8"))


@pytest.fixture
def place(tmp_path: Path, cli: Cli) -> Place:
    root = tmp_path / "shop"
    (root / "environments").mkdir(parents=True)
    return Place(root, cli)


@pytest.fixture
def shop(place: Place) -> Place:
    shutil.copytree(bundled("samples") / "retail", place.root / "tml")
    create_repository(place.root).commit([place.root], "samples")
    return place


def test_what_a_model_needs_as_a_tree(shop: Place) -> None:
    outcome = shop.graph("+model:Inventory*", "!connection:*")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == (
        "7 objects, 10 dependencies, 0 links, 4 levels\n"
        "\n"
        "model:Inventory and Returns\n"
        "├─ sql_view:Weekly Stock Cover\n"
        "├─ table:PRODUCTS\n"
        "├─ table:STORES\n"
        "│  └─ table:REGION_ACCESS\n"
        "├─ table:INVENTORY\n"
        "│  ├─ table:PRODUCTS ↑\n"
        "│  └─ table:STORES ↑\n"
        "└─ table:RETURNS\n"
        "   ├─ table:PRODUCTS ↑\n"
        "   └─ table:STORES ↑\n"
        "\n"
        "↑ shown above\n"
    )


def test_everything_as_json(shop: Place) -> None:
    outcome = shop.graph("--format", "json")
    plain = json.loads(outcome.out)
    assert outcome.code == 0
    assert {one["name"] for one in plain["objects"] if one["level"] == 0} == {"Harbor Snowflake Dev"}
    keys = [one["key"] for one in plain["objects"]]
    assert all({edge["from"], edge["to"]} <= set(keys) for edge in (*plain["dependencies"], *plain["links"]))
    assert [sorted(part) for part in plain["components"]] == [sorted(keys)]
    assert (plain["cycles"], plain["findings"]) == ([], [])


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("g.html", "<!doctype html>"),
        ("g.mmd", "flowchart LR\n"),
        ("g.dot", "digraph "),
        ("g.GV", "digraph "),
        ("g.json", "{\n"),
        ("g.txt", "27 objects, "),
    ],
)
def test_the_suffix_of_the_file_decides_the_format(shop: Place, tmp_path: Path, name: str, start: str) -> None:
    file = tmp_path / name
    outcome = shop.graph("-o", str(file))
    assert (outcome.code, outcome.out, outcome.err) == (0, "", f"wrote {file}\n")
    assert file.read_text("utf-8").startswith(start)


def test_a_format_that_is_asked_for_beats_the_suffix(shop: Place, tmp_path: Path) -> None:
    shop.graph("-o", str(tmp_path / "g.html"), "--format", "dot")
    assert (tmp_path / "g.html").read_text("utf-8").startswith("digraph ")


def test_the_page_is_called_like_the_project(shop: Place) -> None:
    assert "<title>shop: dependencies</title>" in shop.graph("--format", "html").out


def test_a_commit_is_read_without_a_checkout(shop: Place) -> None:
    shutil.rmtree(shop.root / "tml" / "model")
    now, then = shop.graph("--format", "json"), shop.graph("--format", "json", "--rev", "HEAD")
    assert len(json.loads(now.out)["objects"]) == 25
    assert len(json.loads(then.out)["objects"]) == 27
    assert not (shop.root / "tml" / "model").exists()


def test_a_revision_that_does_not_exist(shop: Place) -> None:
    outcome = shop.graph("--rev", "v9")
    assert outcome.code == 2
    assert "error[TD704]: there is no commit v9\n" in outcome.err


def test_a_project_that_is_in_no_git_repository(place: Place) -> None:
    place.write("a.tml", table("T", 1))
    assert place.graph().code == 0
    assert "error[TD701]" in place.graph("--rev", "HEAD").err


def test_loose_ends_are_warnings_with_their_places(place: Place) -> None:
    place.write("m.tml", model("M", 3, ("T", ""), ("GONE", 9)))
    place.write("a.tml", table("T", 1))
    place.write("b.tml", table("T", 2))
    outcome = place.graph()
    assert outcome.code == 0
    assert outcome.err == (
        f"warning[TD120]: model:M refers to GONE ({guid(9)}), which is not here\n"
        "  at model.model_tables[1]\n"
        "  in tml/m.tml:6:5\n"
        f"  hint: export GONE ({guid(9)}) too, or bind it in the mapping of each environment\n"
        "warning[TD121]: model:M refers to T, and 2 objects are called so: tml/a.tml, tml/b.tml\n"
        "  at model.model_tables[0]\n"
        "  in tml/m.tml:5:5\n"
        "  hint: say which one: give the reference its GUID as fqn:, or its obj_id:\n"
    )
    assert [one["code"] for one in json.loads(place.graph("--format", "json").out)["findings"]] == ["TD120", "TD121"]


def test_what_is_not_shown_is_not_missed(place: Place) -> None:
    place.write("m.tml", model("M", 3, ("T", 1)))
    place.write("t.tml", table("T", 1))
    assert place.graph("model:*").err == ""


def test_an_unreadable_file_is_reported_and_the_rest_drawn(place: Place) -> None:
    place.write("m.tml", model("M", 3))
    place.write("broken.tml", "model: [\n")
    outcome = place.graph()
    assert outcome.code == 1
    assert "\nmodel:M\n" in outcome.out
    assert "error[TD102]" in outcome.err


def test_every_wrong_selector_is_refused_at_once(shop: Place) -> None:
    outcome = shop.graph("modle:x", "Retial Sales", "tag:release")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == (
        "error[TD010]: there is no kind modle\n"
        "  at modle:x\n"
        "  hint: did you mean model:x ? a name that holds a colon is written  name:modle:x\n"
        "error[TD011]: no object is selected by Retial Sales\n"
        "  at Retial Sales\n"
        "  hint: did you mean model:Retail Sales, liveboard:Regional Sales Detail, view:Store Monthly Sales ?\n"
        "error[TD012]: which objects are tagged release is not known here\n"
        "  at tag:release\n"
        "  hint: TML holds no tags, and no export has recorded any: export again, or select by kind, name or path\n"
    )


def test_tags_are_those_that_exports_recorded(place: Place) -> None:
    place.write("m.tml", model("M", 3, ("T", 1)))
    place.write("t.tml", table("T", 1))
    place.environment("dev", {"kind": "model", "name": "M", "guid": guid(3), "tags": ["Release 1", "sales"]})
    place.environment("prod", {"kind": "table", "name": "T", "guid": guid(1), "tags": ["other"]}, "source: dev\n")
    assert "model:M\n" in place.graph("tag:release*").out
    assert place.graph("+tag:sales", "!tag:release*").out.endswith("\ntable:T\n")
    assert "error[TD011]: no object is selected by tag:other" in place.graph("tag:other").err


def test_an_unchanged_tree_is_not_parsed_again(shop: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    forms = ("text", "json", "html", "dot", "mermaid")
    first = [shop.graph("--format", form) for form in forms]
    monkeypatch.delattr(reading, "parse_document")
    assert [shop.graph("--format", form) for form in forms] == first
    by_commit = [shop.graph("--format", form, "--rev", "HEAD") for form in forms]
    assert [outcome.out for outcome in by_commit] == [outcome.out for outcome in first]


def test_a_project_without_tml_is_an_empty_graph(place: Place) -> None:
    outcome = place.graph()
    assert (outcome.code, outcome.out) == (0, "0 objects, 0 dependencies, 0 links, 0 levels\n")


@pytest.mark.parametrize("form", ["text", "mermaid", "dot", "html", "json"])
def test_no_hidden_character_reaches_the_terminal(place: Place, form: str) -> None:
    place.write("m.tml", model('"\\u202Egnp \\e[31m \\u2028 x"', 3, ('"\\u202EGONE"', 9)))
    place.write("l.tml", liveboard('"\\a"', 4, "M", 3))
    outcome = place.graph("--format", form)
    assert outcome.code == 0
    assert (outcome.out + outcome.err).replace("\n", "").isprintable()


def test_more_than_mermaid_draws_is_said(place: Place) -> None:
    for number in range(2, 600):
        place.write(f"{number}.tml", model(f"M{number}", number, ("T", 1)))
    place.write("t.tml", table("T", 1))
    assert "more than Mermaid draws by default" in place.graph("--format", "mermaid").err
    assert place.graph("--format", "mermaid", "+model:M2").err == ""


def test_what_breaks_without_a_column(shop: Place) -> None:
    outcome = shop.graph("--uses-column", "table:PROMOTIONS::promotion_id")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == (
        "table:PROMOTIONS::PROMOTION_ID: 2 objects break, 2 of them directly\n"
        "\n"
        "model:Retail Sales\n"
        "  table:PROMOTIONS::PROMOTION_ID\n"
        "    tml/model/Retail Sales.9a5c5542.model.tml:18:25  join\n"
        "\n"
        "table:SALES\n"
        "  table:PROMOTIONS::PROMOTION_ID\n"
        "    tml/table/SALES.5da37430.table.tml:199:49  join\n"
    )


def test_what_breaks_in_consequence_names_the_chain(shop: Place) -> None:
    lines = shop.graph("--uses-column", "table:SALES::COST_AMOUNT", "view:*").out.splitlines()
    assert lines == [
        "table:SALES::COST_AMOUNT: 1 object breaks, 0 of them directly",
        "",
        "view:Store Monthly Sales",
        "  table:SALES::COST_AMOUNT → model:Retail Sales::Gross Margin",
        "    tml/view/Store Monthly Sales.ab9d673f.view.tml:43:27",
        "        output of the search of Gross Margin",
        "    tml/view/Store Monthly Sales.ab9d673f.view.tml:16:88  search",
    ]


def test_what_breaks_is_at_most_80_columns_wide(shop: Place) -> None:
    out = shop.graph("--uses-column", "table:SALES::NET_AMOUNT").out
    assert max(map(cells, out.splitlines())) <= 80
    assert "\nliveboard:Store Performance\n" in out


def test_what_breaks_as_json(shop: Place) -> None:
    plain = json.loads(shop.graph("--uses-column", "model:Retail Sales::Discount Amount", "--format", "json").out)
    assert (plain["column"]["object"], plain["column"]["name"]) == ("model:Retail Sales", "Discount Amount")
    assert [one["built_on"] for one in plain["gone"]] == [None]
    (feedback,) = (one for one in plain["objects"] if one["kind"] == "nls_feedback")
    (use,) = feedback["uses"]
    assert (feedback["direct"], use["file"], use["line"]) == (True, feedback["path"], 49)
    assert (use["role"], use["at"]) == ("feedback", "nls_feedback.feedback[3].formula_info[0].expression")


def test_a_column_that_nothing_uses(shop: Place) -> None:
    outcome = shop.graph("--uses-column", "table:SALES::TAX_AMOUNT")
    assert (outcome.code, outcome.out) == (0, "table:SALES::TAX_AMOUNT: 0 objects break\n")


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ("NET_AMOUNT", "error[TD014]: names no column of an object\n"),
        ("table:S*::NET_AMOUNT", "error[TD015]: table:S* means 2 objects, and a column belongs to one\n"),
        ("table:SALES::NET_AMUONT", "  hint: did you mean NET_AMOUNT, TAX_AMOUNT, LIST_AMOUNT ?\n"),
        ("liveboard:Inventory Health::A", "error[TD016]: liveboard:Inventory Health has no column A\n"),
        ("table:SALSE::A", "error[TD011]: no object is selected by table:SALSE\n"),
        ("tabel:SALES::A", "error[TD010]: there is no kind tabel\n"),
    ],
)
def test_a_column_that_is_not_there(shop: Place, asked: str, error: str) -> None:
    outcome = shop.graph("--uses-column", asked)
    assert (outcome.code, outcome.out) == (2, "")
    assert error in outcome.err


def test_what_breaks_is_not_drawn(shop: Place, tmp_path: Path) -> None:
    outcome = shop.graph("--uses-column", "table:SALES::TAX_AMOUNT", "-o", str(tmp_path / "g.html"))
    assert outcome.code == 2
    assert "error[TD017]: what uses a column is not drawn as html\n" in outcome.err
    assert not (tmp_path / "g.html").exists()


@pytest.mark.parametrize("form", ["text", "json"])
def test_hidden_characters_in_names_of_columns_are_shown(place: Place, form: str) -> None:
    name = r"\u202EA\e[31m::" + "界" * 60
    place.write("t.tml", table("T", 1) + f'  columns:\n  - name: "{name}"\n')
    place.write("m.tml", model("M", 3, ("T", 1)) + f'  columns:\n  - name: "{name}"\n    column_id: "T::{name}"\n')
    place.write("n.tml", model("N", 4, ("M", 3)) + f'  columns:\n  - name: X\n    column_id: "M::{name}"\n')
    outcome = place.graph("--uses-column", "table:T::\u202eA\x1b[31m::" + "界" * 60, "--format", form)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.replace("\n", "").isprintable()
    assert form == "json" or max(map(cells, outcome.out.splitlines())) <= 80
    assert "n.tml" in outcome.out
