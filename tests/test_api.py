"""What the command line can do, a few lines of Python can: nothing is printed, nothing is kept between two calls."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

import tsdeploy
from tests.conftest import Estate
from tests.tml.real_files import REPOSITORY
from tsdeploy import (
    DeployOptions,
    DeployResult,
    Environment,
    ExportOrder,
    GuardError,
    Plan,
    PlanOptions,
    RollbackOrder,
    UsageError,
    connect,
    deploy_plan,
    deploy_release,
    deploy_saved_plan,
    export_environment,
    find_project,
    make_plan,
    preview_prune,
    promote,
    prune_environment,
    resume_release,
    roll_back_release,
    save_plan,
)

HEAVY = (
    "requests",
    "git",
    "jsonschema",
    "yaml",
    "click",
    "rich",
    "flask",
    "ruamel",
    "tsdeploy.rest",
)
QUIET = """
import importlib, logging, pkgutil, signal, sys, threading
before = signal.getsignal(signal.SIGINT), sys.excepthook
import tsdeploy
for module in pkgutil.walk_packages(tsdeploy.__path__, "tsdeploy."):
    # What pytest imports sets a hook before Python 3.11.
    if not module.name.endswith(("__main__", ".pytest")):
        importlib.import_module(module.name)
assert (signal.getsignal(signal.SIGINT), sys.excepthook) == before
assert threading.active_count() == 1, threading.enumerate()
loggers = [logging.getLogger(name) for name in logging.root.manager.loggerDict if name.startswith("tsdeploy")]
assert not any(logger.handlers for logger in loggers) and not logging.root.handlers
"""
"""Imports everything, and looks whether anything was started, caught or set up on the way."""


@pytest.fixture
def filled(retail: Estate) -> Estate:
    """The retail estate, with dev in git."""
    with retail.session("dev") as session:
        export_environment(retail.project, retail.project.environment("dev"), session, ExportOrder(commit=True))
    return retail


def prod(estate: Estate) -> Environment:
    return estate.project.environment("prod")


def plan_of(estate: Estate, options: PlanOptions | None = None) -> Plan:
    with estate.session("prod") as session:
        return make_plan(estate.project, prod(estate), session, options)


@pytest.mark.parametrize("name", tsdeploy.__all__)
def test_public_name_exists_and_says_what_it_is(name: str) -> None:
    assert isinstance(getattr(tsdeploy, name), str) or getattr(tsdeploy, name).__doc__


def test_no_function_takes_more_than_six_arguments() -> None:
    public = [getattr(tsdeploy, name) for name in tsdeploy.__all__]
    taken = {one.__name__: len(inspect.signature(one).parameters) for one in public if inspect.isfunction(one)}
    assert len(taken) > 50
    assert {name: count for name, count in taken.items() if count > 6} == {}


def test_type_checkers_see_the_names_where_they_are() -> None:
    source = ast.parse(Path(str(tsdeploy.__file__)).read_text("utf-8"))
    imported = {
        (node.module, alias.asname)
        for node in ast.walk(source)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname == alias.name
    }
    assert imported == {(home, name) for home, names in tsdeploy._HOMES.items() for name in names}


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        tsdeploy.nothing  # noqa: B018 - looking is what is tested


def test_every_name_is_used_in_the_page_about_python() -> None:
    page = (REPOSITORY / "docs" / "python.md").read_text("utf-8")
    functions = {name for name in tsdeploy.__all__ if name.islower() and not name.startswith("_")}
    assert {name for name in functions if name not in page} == set()


def test_import_loads_nothing_heavy() -> None:
    program = f"import sys, tsdeploy\nprint([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_imports_have_no_effect(tmp_path: Path) -> None:
    program = [sys.executable, "-W", "error", "-c", QUIET]
    done = subprocess.run(
        program, capture_output=True, text=True, check=False, cwd=tmp_path, env={"PYTHONPATH": str(REPOSITORY)}
    )
    assert (done.stdout, done.stderr, list(tmp_path.iterdir())) == ("", "", [])


def test_promotion_in_a_few_lines(retail: Estate, capfd: pytest.CaptureFixture[str]) -> None:
    project = find_project(retail.project.root)
    said: list[str] = []
    promotion = promote(project, "dev", "prod", message="Nightly", progress=said.append)
    assert promotion.exported.count("added") == len(promotion.deployed.objects) == 26
    assert (promotion.deployed.succeeded, promotion.deployed.exit_code) == (True, 0)
    assert said[0] == "exporting dev"
    assert capfd.readouterr() == ("", "")
    with pytest.raises(UsageError, match="TD028"):
        promote(project, "prod", "dev")


def test_deploy_asks_the_guards(filled: Estate) -> None:
    guarded = replace(prod(filled), guards=replace(prod(filled).guards, allow_create=False))
    plan = plan_of(filled)
    with filled.session("prod") as session:
        with pytest.raises(GuardError, match="TD555"):
            deploy_plan(filled.project, guarded, session, plan)
        with pytest.raises(GuardError, match="TD555"):
            deploy_release(filled.project, guarded, session)
        lifted = deploy_plan(filled.project, guarded, session, plan, DeployOptions(("allow_create",)))
    assert (lifted.status, lifted.overrides) == ("done", ("allow_create",))


def test_a_saved_plan_is_deployed_exactly_or_not_at_all(filled: Estate, tmp_path: Path) -> None:
    options, path = PlanOptions(select=("+model:Retail Sales",)), tmp_path / "plan.json"
    plan = plan_of(filled, options)
    save_plan(filled.project, prod(filled), plan, path, options)
    with filled.session("prod") as session:
        done = deploy_saved_plan(filled.project, prod(filled), session, path)
        with pytest.raises(GuardError, match=r"TD56[24]"):
            deploy_saved_plan(filled.project, prod(filled), session, path)
    assert [one.label for one in done.objects] == [change.label for change in plan.pending()]
    assert {one.status for one in done.objects} == {"done"}


def test_a_deploy_in_a_thread_is_stopped_and_resumed(filled: Estate) -> None:
    project, asked = filled.project, [False, False, True]

    def deploy() -> DeployResult:
        with filled.session("prod") as session:
            options = DeployOptions(stop=lambda: asked.pop(0) if len(asked) > 1 else asked[0])
            return deploy_release(project, prod(filled), session, options)

    with ThreadPoolExecutor() as pool:
        stopped = pool.submit(deploy).result()
    assert (stopped.interrupted, stopped.status) == (True, "interrupted")
    with filled.session("prod") as session:
        resumed = resume_release(project, prod(filled), session)
        assert (resumed.status, make_plan(project, prod(filled), session).pending()) == ("done", ())


def test_what_left_git_is_pruned_and_taken_back(filled: Estate) -> None:
    project = filled.project
    guarded = replace(prod(filled), guards=replace(prod(filled).guards, max_delete=0))
    with filled.session("prod") as session:
        deploy_release(project, prod(filled), session)
        next(project.tml.rglob("*.answer.tml")).unlink()
        filled.commit()
        (doomed,) = preview_prune(project, prod(filled), session).doomed
        with pytest.raises(GuardError, match="TD624"):
            prune_environment(project, guarded, session)
        pruned = prune_environment(project, guarded, session, ("max_delete",))
        back = roll_back_release(project, prod(filled), session, RollbackOrder(pruned.release))
        with pytest.raises(UsageError, match="TD616"):
            roll_back_release(project, prod(filled), session, RollbackOrder("1999"))
    assert [(one.label, one.status) for one in pruned.objects] == [(doomed.label, "done")]
    assert [(one.label, one.status) for one in back.objects] == [(doomed.label, "done")]


def test_two_projects_at_once_do_not_see_each_other(retail: Estate, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    subprocess.run(["git", "clone", "--quiet", retail.project.root, copy], check=True)

    def exported(root: Path) -> tuple[str, ...]:
        project = find_project(root)
        with connect(project.environment("dev")) as session:
            result = export_environment(project, project.environment("dev"), session)
        return tuple(file.path for file in result.changed())

    with ThreadPoolExecutor() as pool:
        here, there = pool.map(exported, (retail.project.root, copy))
    assert here == there
    assert len(here) == 26
    assert all((root / path).is_file() for root in (retail.project.root, copy) for path in here)
