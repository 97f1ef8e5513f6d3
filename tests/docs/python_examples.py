"""The examples of docs/python.md, for mypy and ruff; nobody imports it, and ``pytest --update`` rewrites it."""

# fmt: off
from __future__ import annotations

from pathlib import Path

from tsdeploy import connect, find_project

project = find_project(Path.cwd())
dev, prod = project.environment("dev"), project.environment("prod")


def example_1() -> None:
    from tsdeploy import ExportOrder, export_environment

    with connect(dev) as session:
        exported = export_environment(project, dev, session, ExportOrder(commit=True))
    print(f"{exported.count('added')} objects are new in {exported.commit[:10]}")


def example_2() -> None:
    from tsdeploy import Severity, check_project

    report = check_project(project)
    for finding in report.findings:
        print(finding.severity.value, finding, finding.hint)
    print(report.files, "files,", report.count(Severity.ERROR), "errors:", report.failed(strict=True))


def example_3() -> None:
    from tsdeploy import compare_sides

    comparison = compare_sides(project, "HEAD", "env:prod", ["liveboard:Store Performance"])
    for one in comparison.objects:
        print(one.verb, one.label, one.weight.name, [difference.what for difference in one.differences][:2])


def example_4() -> None:
    from tsdeploy import find_breakage, read_graph

    shown = read_graph(project, ["+liveboard:Store Performance"])
    Path("graph.html").write_text(shown.drawn("html"), encoding="utf-8")
    broken = find_breakage(project, "table:SALES::NET_AMOUNT", ["liveboard:*"])
    print(len(shown.graph.documents), "objects;", broken.report.text().splitlines()[0])


def example_5() -> None:
    from tsdeploy import check_mapping, list_pairs, render_release

    coverage = render_release(project, prod).coverage
    print([name for category, name in coverage.unmapped], check_mapping(project, prod))
    for pair in list_pairs(project, prod, ["model:*"]):
        print(f"{pair.kind}:{pair.name}", pair.origin, len(pair.target))


def example_6() -> None:
    from tsdeploy import bind_proposals, propose_pairs

    with connect(prod) as session:
        proposals = propose_pairs(project, prod, session)
    for one in proposals.certain:
        print(f"{one.source.kind}:{one.source.name}: {one.why}")
    print(bind_proposals(project, prod, proposals), "bound of", len(proposals.proposals))


def example_7() -> None:
    from tsdeploy import make_plan, plan_page, save_plan, validate_plan

    with connect(prod) as session:
        plan = make_plan(project, prod, session)
        validated = validate_plan(project, prod, session, plan)
    Path("plan.html").write_text(plan_page(plan), encoding="utf-8")
    save_plan(project, prod, plan, Path("plan.json"))
    print(plan.summary(), validated.succeeded)


def example_8() -> None:
    from tsdeploy import deploy_release

    with connect(prod) as session:
        result = deploy_release(project, prod, session)
    print(result.status, len(result.objects), {one.status for one in result.objects})


def example_9() -> None:
    from tsdeploy import DeployOptions, PlanOptions, deploy_release

    options = DeployOptions(on_error="rollback", planned=PlanOptions(select=("liveboard:Store*",)))
    with connect(prod) as session:
        assert not deploy_release(project, prod, session, options).objects, "a deploy is done once"


def example_10() -> None:
    from tsdeploy import promote

    promotion = promote(project, "dev", "prod", message="Nightly promotion")
    print(promotion.exported.count("changed"), promotion.deployed.status)


def example_11() -> None:
    from tsdeploy import find_drift, releases, take_drift

    with connect(prod) as session:
        drift = find_drift(project, prod, session)
    print(drift.summary(), take_drift(project, drift))
    print([(one.kind, one.status, len(one.objects)) for one in releases(project, prod)])


def example_12() -> None:
    from tsdeploy import preview_prune, preview_rollback

    with connect(prod) as session:
        print(preview_rollback(project, prod, session).summary())
        print(preview_prune(project, prod, session).summary())


def example_13() -> None:
    from tsdeploy import deploy_release, roll_back_release

    with connect(prod) as session:
        print(roll_back_release(project, prod, session).status)
        print(deploy_release(project, prod, session).status)


def example_14() -> None:
    from tsdeploy import back_up, list_backups, verify_backup

    with connect(prod) as session:
        backup = back_up(project, prod, session)
    print(backup.objects, len(list_backups(project, prod)), verify_backup(project, prod).intact)


def example_15() -> None:
    from tsdeploy import RestoreOrder, restore_backup

    order = RestoreOrder(select=("liveboard:Store Performance",), at="latest")
    with connect(prod) as session:
        restored = restore_backup(project, prod, prod, session, order)
    print(restored.exit_code, restored.plan.summary())


def example_16() -> None:
    from tsdeploy import make_review, review_markdown, review_page

    review = make_review(project, "HEAD~1", "HEAD")
    print(review.verdict().text)
    Path("review.md").write_text(review_markdown(review), encoding="utf-8")
    Path("review.html").write_text(review_page(review), encoding="utf-8")


def example_17() -> None:
    from tsdeploy import SetupOrder, new_environments, set_up_project

    pairs = [("dev", "https://dev.example.com"), ("prod", "https://prod.example.com")]
    order = SetupOrder(environments=new_environments(pairs), repository=True)
    for file in set_up_project(Path("analytics"), order).files:
        print(file.how, file.path.as_posix())


def example_18() -> None:
    from tsdeploy import Verdict, examine_environment

    for line in examine_environment(project, "prod"):
        if line.remark.verdict is Verdict.PROBLEM:
            print(line.check, line.remark.text, line.remark.hint)


def example_19() -> None:
    from tsdeploy import GuardError, TsdeployError, deploy_release

    try:
        with connect(prod) as session:
            deploy_release(project, project.environment("prd"), session)
    except GuardError as error:
        print("refused:", [finding.at for finding in error.findings])
    except TsdeployError as error:
        print(error.code, error.findings[0].message, error.findings[0].hint, sep="; ")


def example_20() -> None:
    from concurrent.futures import ThreadPoolExecutor

    from tsdeploy import DeployResult, deploy_release


    def deployed(name: str) -> DeployResult:
        environment = project.environment(name)
        with connect(environment) as session:
            return deploy_release(project, environment, session)


    with ThreadPoolExecutor() as pool:
        print([result.status for result in pool.map(deployed, ["prod", "test"])])


def example_21() -> None:
    from threading import Event

    from tsdeploy import DeployOptions, deploy_release

    cancelled = Event()
    with connect(prod) as session:
        result = deploy_release(project, prod, session, DeployOptions(stop=cancelled.is_set))
    print(result.status, result.interrupted)


def example_22() -> None:
    from tsdeploy import ExportOrder, export_environment

    seen: list[tuple[int, int]] = []
    with connect(dev) as session:
        export_environment(project, dev, session, ExportOrder(), lambda done, total: seen.append((done, total)))
    print(seen[-1])
