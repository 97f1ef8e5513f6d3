"""Git-ops for ThoughtSpot: what the command line can do, from Python.

    from tsdeploy import connect, deploy_release, find_project

    project = find_project(Path.cwd())
    prod = project.environment("prod")
    with connect(prod) as session:
        result = deploy_release(project, prod, session)

Functions return results and print nothing; failures are ``TsdeployError``. Names are imported when they are used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from tsdeploy.errors import (
    ConfigError,
    DeployError,
    Finding,
    GitError,
    GuardError,
    Location,
    RestError,
    Severity,
    TmlError,
    TsdeployError,
    UsageError,
)
from tsdeploy.version import __version__

if TYPE_CHECKING:
    from tsdeploy.backup.branch import list_backups as list_backups
    from tsdeploy.backup.branch import object_versions as object_versions
    from tsdeploy.backup.branch import prune_backups as prune_backups
    from tsdeploy.backup.branch import read_version as read_version
    from tsdeploy.backup.branch import verify_backup as verify_backup
    from tsdeploy.backup.in_one_go import RestoreHooks as RestoreHooks
    from tsdeploy.backup.in_one_go import restore_backup as restore_backup
    from tsdeploy.backup.restore import RestoreOrder as RestoreOrder
    from tsdeploy.backup.restore import RestoreResult as RestoreResult
    from tsdeploy.backup.run import BackupResult as BackupResult
    from tsdeploy.backup.run import back_up as back_up
    from tsdeploy.check.explaining import explain_code as explain_code
    from tsdeploy.check.run import CheckReport as CheckReport
    from tsdeploy.check.run import check_project as check_project
    from tsdeploy.check.sarif import check_sarif as check_sarif
    from tsdeploy.config.backing_up import Keep as Keep
    from tsdeploy.config.environment import Environment as Environment
    from tsdeploy.config.environment import ExportSettings as ExportSettings
    from tsdeploy.config.project import Project as Project
    from tsdeploy.config.project import find_project as find_project
    from tsdeploy.config.releases import ReleaseFile as ReleaseFile
    from tsdeploy.config.releases import releases as releases
    from tsdeploy.deploy.deploying import deploy_plan as deploy_plan
    from tsdeploy.deploy.deploying import validate_plan as validate_plan
    from tsdeploy.deploy.in_one_go import RollbackOrder as RollbackOrder
    from tsdeploy.deploy.in_one_go import deploy_release as deploy_release
    from tsdeploy.deploy.in_one_go import deploy_saved_plan as deploy_saved_plan
    from tsdeploy.deploy.in_one_go import preview_prune as preview_prune
    from tsdeploy.deploy.in_one_go import preview_rollback as preview_rollback
    from tsdeploy.deploy.in_one_go import prune_environment as prune_environment
    from tsdeploy.deploy.in_one_go import resume_release as resume_release
    from tsdeploy.deploy.in_one_go import roll_back_release as roll_back_release
    from tsdeploy.deploy.junit import junit_xml as junit_xml
    from tsdeploy.deploy.promotion import Promotion as Promotion
    from tsdeploy.deploy.promotion import promote as promote
    from tsdeploy.deploy.prune import PrunePlan as PrunePlan
    from tsdeploy.deploy.release_file import find_release as find_release
    from tsdeploy.deploy.result import DeployResult as DeployResult
    from tsdeploy.deploy.result import ObjectResult as ObjectResult
    from tsdeploy.deploy.rollback import RollbackPlan as RollbackPlan
    from tsdeploy.deploy.run import DeployOptions as DeployOptions
    from tsdeploy.doctor.check import Verdict as Verdict
    from tsdeploy.doctor.place import Place as Place
    from tsdeploy.doctor.run import examine_environment as examine_environment
    from tsdeploy.doctor.run import examine_place as examine_place
    from tsdeploy.export.order import ExportOrder as ExportOrder
    from tsdeploy.export.orgs import environments_of_orgs as environments_of_orgs
    from tsdeploy.export.result import ExportResult as ExportResult
    from tsdeploy.export.result import NotPushedError as NotPushedError
    from tsdeploy.export.run import export_environment as export_environment
    from tsdeploy.graph.read import FoundBreakage as FoundBreakage
    from tsdeploy.graph.read import ShownGraph as ShownGraph
    from tsdeploy.graph.read import find_breakage as find_breakage
    from tsdeploy.graph.read import read_graph as read_graph
    from tsdeploy.mapping.foreign.model import ForeignFormat as ForeignFormat
    from tsdeploy.pairing.adopt import Adopted as Adopted
    from tsdeploy.pairing.adopt import adopt_repository as adopt_repository
    from tsdeploy.pairing.audit import check_mapping as check_mapping
    from tsdeploy.pairing.bind import Bound as Bound
    from tsdeploy.pairing.bind import bind_object as bind_object
    from tsdeploy.pairing.bind import unbind_object as unbind_object
    from tsdeploy.pairing.exchange import ForeignFile as ForeignFile
    from tsdeploy.pairing.exchange import export_mapping as export_mapping
    from tsdeploy.pairing.exchange import import_mapping as import_mapping
    from tsdeploy.pairing.infer import Proposals as Proposals
    from tsdeploy.pairing.infer import bind_proposals as bind_proposals
    from tsdeploy.pairing.infer import propose_pairs as propose_pairs
    from tsdeploy.pairing.obj_ids import assign_obj_ids as assign_obj_ids
    from tsdeploy.pairing.parameterize import parameterize_mapping as parameterize_mapping
    from tsdeploy.pairing.recover import recover_objects as recover_objects
    from tsdeploy.pairing.show import list_pairs as list_pairs
    from tsdeploy.pairing.swap import swap_mapping as swap_mapping
    from tsdeploy.plan.build import PlanOptions as PlanOptions
    from tsdeploy.plan.build import make_offline_plan as make_offline_plan
    from tsdeploy.plan.build import make_plan as make_plan
    from tsdeploy.plan.change import Action as Action
    from tsdeploy.plan.change import Change as Change
    from tsdeploy.plan.change import Plan as Plan
    from tsdeploy.plan.comparison import Comparison as Comparison
    from tsdeploy.plan.comparison import compare_sides as compare_sides
    from tsdeploy.plan.drift import Drift as Drift
    from tsdeploy.plan.drift import find_drift as find_drift
    from tsdeploy.plan.drift import take_drift as take_drift
    from tsdeploy.plan.guards import check_guards as check_guards
    from tsdeploy.plan.saved import SavedPlan as SavedPlan
    from tsdeploy.plan.saved import read_plan as read_plan
    from tsdeploy.plan.saved import save_plan as save_plan
    from tsdeploy.release import render_release as render_release
    from tsdeploy.release import write_rendering as write_rendering
    from tsdeploy.rest import Budget as Budget
    from tsdeploy.rest import Session as Session
    from tsdeploy.review.build import ReviewOptions as ReviewOptions
    from tsdeploy.review.build import make_review as make_review
    from tsdeploy.review.formats import review_code_quality as review_code_quality
    from tsdeploy.review.formats import review_json as review_json
    from tsdeploy.review.formats import review_junit as review_junit
    from tsdeploy.review.formats import review_sarif as review_sarif
    from tsdeploy.review.markdown import review_markdown as review_markdown
    from tsdeploy.review.page import review_page as review_page
    from tsdeploy.review.plan_page import plan_page as plan_page
    from tsdeploy.review.posting import Posted as Posted
    from tsdeploy.review.posting import post_comment as post_comment
    from tsdeploy.review.report import Review as Review
    from tsdeploy.scaffold.answers import NewEnvironment as NewEnvironment
    from tsdeploy.scaffold.answers import SignIn as SignIn
    from tsdeploy.scaffold.answers import new_environments as new_environments
    from tsdeploy.schemas import file_schema as file_schema
    from tsdeploy.sessions import connect as connect
    from tsdeploy.set_up import SetUp as SetUp
    from tsdeploy.set_up import SetupOrder as SetupOrder
    from tsdeploy.set_up import set_up_project as set_up_project
    from tsdeploy.transform.inputs import Rendering as Rendering

_HOMES = {
    "tsdeploy.config.project": ("Project", "find_project"),
    "tsdeploy.config.environment": ("Environment", "ExportSettings"),
    "tsdeploy.config.backing_up": ("Keep",),
    "tsdeploy.sessions": ("connect",),
    "tsdeploy.rest": ("Budget", "Session"),
    "tsdeploy.set_up": ("SetUp", "SetupOrder", "set_up_project"),
    "tsdeploy.scaffold.answers": ("NewEnvironment", "SignIn", "new_environments"),
    "tsdeploy.export.order": ("ExportOrder",),
    "tsdeploy.export.result": ("ExportResult", "NotPushedError"),
    "tsdeploy.export.run": ("export_environment",),
    "tsdeploy.export.orgs": ("environments_of_orgs",),
    "tsdeploy.check.run": ("CheckReport", "check_project"),
    "tsdeploy.check.sarif": ("check_sarif",),
    "tsdeploy.check.explaining": ("explain_code",),
    "tsdeploy.schemas": ("file_schema",),
    "tsdeploy.release": ("render_release", "write_rendering"),
    "tsdeploy.transform.inputs": ("Rendering",),
    "tsdeploy.graph.read": ("FoundBreakage", "ShownGraph", "find_breakage", "read_graph"),
    "tsdeploy.plan.build": ("PlanOptions", "make_offline_plan", "make_plan"),
    "tsdeploy.plan.change": ("Action", "Change", "Plan"),
    "tsdeploy.plan.guards": ("check_guards",),
    "tsdeploy.plan.saved": ("SavedPlan", "read_plan", "save_plan"),
    "tsdeploy.plan.comparison": ("Comparison", "compare_sides"),
    "tsdeploy.plan.drift": ("Drift", "find_drift", "take_drift"),
    "tsdeploy.deploy.deploying": ("deploy_plan", "validate_plan"),
    "tsdeploy.deploy.in_one_go": (
        "RollbackOrder",
        "deploy_release",
        "deploy_saved_plan",
        "preview_prune",
        "preview_rollback",
        "prune_environment",
        "resume_release",
        "roll_back_release",
    ),
    "tsdeploy.deploy.promotion": ("Promotion", "promote"),
    "tsdeploy.deploy.prune": ("PrunePlan",),
    "tsdeploy.config.releases": ("ReleaseFile", "releases"),
    "tsdeploy.deploy.release_file": ("find_release",),
    "tsdeploy.deploy.result": ("DeployResult", "ObjectResult"),
    "tsdeploy.deploy.rollback": ("RollbackPlan",),
    "tsdeploy.deploy.run": ("DeployOptions",),
    "tsdeploy.deploy.junit": ("junit_xml",),
    "tsdeploy.review.build": ("ReviewOptions", "make_review"),
    "tsdeploy.review.report": ("Review",),
    "tsdeploy.review.formats": ("review_code_quality", "review_json", "review_junit", "review_sarif"),
    "tsdeploy.review.markdown": ("review_markdown",),
    "tsdeploy.review.page": ("review_page",),
    "tsdeploy.review.plan_page": ("plan_page",),
    "tsdeploy.review.posting": ("Posted", "post_comment"),
    "tsdeploy.backup.run": ("BackupResult", "back_up"),
    "tsdeploy.backup.branch": ("list_backups", "object_versions", "prune_backups", "read_version", "verify_backup"),
    "tsdeploy.backup.restore": ("RestoreOrder", "RestoreResult"),
    "tsdeploy.backup.in_one_go": ("RestoreHooks", "restore_backup"),
    "tsdeploy.pairing.show": ("list_pairs",),
    "tsdeploy.pairing.audit": ("check_mapping",),
    "tsdeploy.pairing.bind": ("Bound", "bind_object", "unbind_object"),
    "tsdeploy.pairing.infer": ("Proposals", "bind_proposals", "propose_pairs"),
    "tsdeploy.pairing.swap": ("swap_mapping",),
    "tsdeploy.mapping.foreign.model": ("ForeignFormat",),
    "tsdeploy.pairing.exchange": ("ForeignFile", "export_mapping", "import_mapping"),
    "tsdeploy.pairing.obj_ids": ("assign_obj_ids",),
    "tsdeploy.pairing.parameterize": ("parameterize_mapping",),
    "tsdeploy.pairing.recover": ("recover_objects",),
    "tsdeploy.pairing.adopt": ("Adopted", "adopt_repository"),
    "tsdeploy.doctor.check": ("Verdict",),
    "tsdeploy.doctor.place": ("Place",),
    "tsdeploy.doctor.run": ("examine_environment", "examine_place"),
}
"""Where the public names live, in the order of the work; what type checkers see stands above."""

_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "ConfigError",
    "DeployError",
    "Finding",
    "GitError",
    "GuardError",
    "Location",
    "RestError",
    "Severity",
    "TmlError",
    "TsdeployError",
    "UsageError",
    "__version__",
]
__all__ += list(_HOME_OF)


def __getattr__(name: str) -> object:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(home), name)


def __dir__() -> list[str]:
    return sorted(__all__)
