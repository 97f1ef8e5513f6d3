"""What a review reads, whom it follows, and when it asks an environment."""

from __future__ import annotations

import pytest

from tests.review.changes import column_of_a_table_removed, join_type_changed, noise_only
from tests.review.repositories import Workshop
from tsdeploy.plan.change import Action
from tsdeploy.review.build import ReviewOptions, make_review
from tsdeploy.review.formats import review_json
from tsdeploy.review.risk import Risk


def test_only_what_the_head_changed_since_it_parted_counts(workshop: Workshop) -> None:
    workshop.repository.run("checkout", "-q", "-b", "side")
    join_type_changed(workshop)
    workshop.commit()
    workshop.repository.run("checkout", "-q", "main")
    workshop.edit("Inventory Health", ("  name: Inventory Health\n", "  name: Other\n"))
    workshop.commit()
    review = make_review(workshop.project, "main", "side")
    assert [item.label for item in review.objects] == ["table:SALES"]


def test_nothing_is_checked_out_or_written(workshop: Workshop) -> None:
    column_of_a_table_removed(workshop)
    workshop.commit()
    workshop.repository.run("checkout", "-q", "start")
    (workshop.project.root / "note").write_text("mine", encoding="utf-8")
    before = sorted(workshop.project.root.rglob("[!.]*"))
    review = make_review(workshop.project, "start", "main")
    assert review.risk is Risk.BREAKING
    assert sorted(workshop.project.root.rglob("[!.]*")) == before


def test_what_nobody_made_has_no_users(workshop: Workshop) -> None:
    review = workshop.review(noise_only)
    assert {item.risk for item in review.objects} == {Risk.NOISE}
    assert review.affected == ()


def test_the_visualizations_that_stop_working_are_named(workshop: Workshop) -> None:
    review = workshop.review(column_of_a_table_removed)
    board = next(one for one in review.broken() if one.name == "Regional Sales Detail")
    assert board.parts == ("Viz_1", "Viz_3", "Viz_4", "Viz_5", "Viz_6", "Viz_2")


def test_without_credentials_environments_are_planned_from_files(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TS_SANDBOX_KEY", raising=False)
    (outlook,) = workshop.review(join_type_changed).outlooks
    assert (outlook.environment, outlook.live, outlook.count(Action.CREATE)) == ("prod", False, 1)


def test_credentials_are_not_sent_where_the_change_says(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TS_SANDBOX_KEY", "sandbox")
    path = workshop.project.root / "environments/prod/environment.yaml"
    path.write_text(path.read_text("utf-8").replace("http://127.0.0.1:1", "https://evil.example"), encoding="utf-8")
    (outlook,) = workshop.review(join_type_changed).outlooks
    assert not outlook.live
    assert [finding.code for finding in outlook.findings] == ["TD721"]


def test_a_commit_that_is_not_checked_out_is_planned_from_files(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TS_SANDBOX_KEY", "sandbox")
    join_type_changed(workshop)
    workshop.commit()
    workshop.repository.run("checkout", "-q", "start")
    (outlook,) = make_review(workshop.project, "start", "main").outlooks
    assert [finding.code for finding in outlook.findings] == ["TD720"]


def test_tml_below_a_folder_for_releases_is_no_record(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not committed would be planned as if it were of the commit."""
    monkeypatch.setenv("TS_SANDBOX_KEY", "sandbox")
    join_type_changed(workshop)
    workshop.commit()
    folder = workshop.project.tml / "releases"
    folder.mkdir()
    (folder / "new.answer.tml").write_text("answer:\n  name: New\n", encoding="utf-8")
    (outlook,) = make_review(workshop.project, "start", "main").outlooks
    assert [finding.code for finding in outlook.findings] == ["TD720"]


def test_an_environment_that_cannot_be_reached_says_so(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TS_SANDBOX_KEY", "sandbox")
    (outlook,) = workshop.review(join_type_changed).outlooks
    assert outlook.live
    assert [finding.code[:3] for finding in outlook.problems()] == ["TD4"]


def test_the_mapping_is_that_of_the_head(workshop: Workshop) -> None:
    mapping = workshop.project.root / "environments/prod/mapping.yaml"
    text = mapping.read_text("utf-8")
    mapping.write_text("version: 1\n", encoding="utf-8")
    join_type_changed(workshop)
    workshop.commit()
    mapping.write_text(text, encoding="utf-8")
    (outlook,) = make_review(workshop.project, "start", "HEAD", ReviewOptions(ask=False)).outlooks
    assert outlook.count(Action.BLOCKED) == 1


def test_an_object_of_the_same_commit_in_json_is_found(workshop: Workshop) -> None:
    file = workshop.project.tml / "answer" / "json.answer.tml"
    answer = (
        '{"guid": "11111111-2222-4333-8444-555555555555", "answer": {"name": "J", "tables": '
        '[{"id": "Retail Sales", "name": "Retail Sales", "fqn": "9a5c5542-7e89-4749-ab04-f13c30a823fc"}], '
        '"search_query": "[Net Sales]", "answer_columns": [{"name": "Net Sales"}]}}'
    )
    file.write_text(answer, encoding="utf-8")
    workshop.commit()
    workshop.repository.run("tag", "-f", "start")
    review = workshop.review(column_of_a_table_removed)
    assert "answer:J" in [one.label for one in review.broken()]


MAPPING = "environments/prod/mapping.yaml"


def test_findings_from_before_do_not_count(workshop: Workshop) -> None:
    shop = workshop
    shop.edit("Inventory Health", ("[Stock Value] [Snapshot Date]", "[Stock Value] [Never There] [Snapshot Date]"))
    shop.edit("SALES", ("type: LEFT_OUTER", "type: SIDEWAYS"))
    shop.commit()
    shop.repository.run("tag", "-f", "start")
    shop.edit("Inventory Health", ("  description: ", "  properties: {}\n  description: "))
    shop.file("Inventory Health").rename(shop.project.tml / "moved.liveboard.tml")
    shop.edit("SALES", ("name: SALE_DATE", "name: SOLD_ON"))
    review = shop.review()
    assert ["Never There" in one.message for one in review.old_findings].count(True) == 1
    assert not any("Never There" in one.message or "SIDEWAYS" in one.message for one in review.findings)


def test_a_second_finding_of_the_same_words_is_new(workshop: Workshop) -> None:
    workshop.edit("Inventory Health", ("[Weeks of Cover] [Snapshot Date]", "[Gone] [Snapshot Date]"))
    workshop.commit()
    workshop.repository.run("tag", "-f", "start")
    workshop.edit("Inventory Health", ("[Stock Value] [Snapshot Date]", "[Gone] [Snapshot Date]"))
    review = workshop.review()
    words = "model:Inventory and Returns has no column Gone"
    assert [[one.message for one in found] for found in (review.findings, review.old_findings)] == [[words], [words]]


def test_settings_are_told_and_looked_at_closely(workshop: Workshop) -> None:
    root = workshop.project.root
    (root / MAPPING).write_text("version: 1\n", encoding="utf-8")
    (root / ".tsdeploy-check.yaml").write_text("version: 1\n", encoding="utf-8")
    (root / "environments/prod/objects.json").write_text('{"version": 1, "objects": []}\n', encoding="utf-8")
    review = workshop.review()
    assert [(one.path, one.verb, one.by_hand) for one in review.settings] == [
        (".tsdeploy-check.yaml", "added", True),
        (MAPPING, "changed", True),
        ("environments/prod/objects.json", "added", True),
    ]
    assert review.verdict().text == "Look closely: 3 files with settings change; nothing in git breaks."


def test_only_what_a_change_breaks_is_put_down_to_it(workshop: Workshop) -> None:
    column_of_a_table_removed(workshop)
    review = workshop.review(join_type_changed)
    workshop.edit("STORES", ("= 'Web' and", "= 'Shop' and"))
    review = workshop.review()
    assert {one.broken_by for one in review.broken()} == {("table:SALES",)}
    assert any("table:STORES" in one.uses for one in review.broken())


def test_a_large_commit_is_read_by_helpers_and_from_the_cache(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = workshop.review(column_of_a_table_removed)
    monkeypatch.setattr("tsdeploy.review.build._LARGE", 1)
    for _ in ("with an empty cache", "with a full one"):
        large = make_review(workshop.project, "start", "HEAD", ReviewOptions(processes=2))
        assert review_json(large) == review_json(small)
        assert workshop.project.entry_cache.with_name("review.json").exists()
