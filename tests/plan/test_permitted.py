"""What a plan says of its user and of the release of the target, and that it does without what it may not ask."""

from __future__ import annotations

from tests.conftest import Cli, Estate, environment_yaml
from tsdeploy.bundled import bundled
from tsdeploy.plan.preflight.situation import Situation
from tsdeploy.plan.preflight.user import check_privileges
from tsdeploy.release import release_inputs
from tsdeploy.rest import ObjectRef, search_connections
from tsdeploy.rest.sharing import Permission, share
from tsdeploy.sandbox import Cluster, NewGroup, NewUser, Server, add_group, add_user, load_folder, read_settings


def sign_in_as(estate: Estate, name: str, *privileges: str) -> None:
    """Deploy to prod as a new user with these privileges."""
    cluster = estate.clusters["prod"]
    with cluster.database.transaction():
        add_group(cluster, NewGroup(name=f"{name}s", privileges=privileges))
        add_user(cluster, NewUser(name=name, groups=(f"{name}s",)))
    with estate.session("prod") as session:
        connections = [ObjectRef(one.id) for one in search_connections(session)]
        share(session, connections, [Permission(name, "USER", "READ_ONLY")])
    text = environment_yaml(estate.servers["prod"].url, "source: dev\n").replace("tsadmin", name)
    estate.write("environments/prod/environment.yaml", text)
    estate.commit(name)


def test_user_without_the_privilege_is_told(retail: Estate) -> None:
    """Where connections may be read without it, as on clusters with roles; else nothing can be planned at all."""
    sign_in_as(retail, "author", "AUTHORING")
    inputs = release_inputs(retail.project, retail.project.environment("prod"))
    with retail.session("prod") as session:
        ((key, finding),) = check_privileges(Situation(session, inputs, ()))
    assert (key, finding.code) == ("", "TD516")
    assert finding.message == "author may not import into prod: neither DATAMANAGEMENT nor ADMINISTRATION"


def test_what_the_user_may_not_ask_is_not_held_against_the_plan(retail: Estate, cli: Cli) -> None:
    cli("export", "dev", "--commit")
    mapping = retail.project.root / "environments/prod/mapping.yaml"
    mapping.write_text(mapping.read_text("utf-8").replace("Web Shop: Web Shop", "Web Shop: Online Team"), "utf-8")
    sign_in_as(retail, "deployer", "DATAMANAGEMENT", "DATADOWNLOADING")
    retail.clusters["prod"].traffic.faults.add("status", "groups/search", status=403)
    outcome = cli("plan", "prod")
    asked = {request.path: request.status for request in retail.clusters["prod"].traffic.requests.all()}
    assert (asked["system"], asked["groups/search"]) == (403, 403)
    assert not [code for code in ("TD404", "TD516", "TD517", "TD520") if code in outcome.err]
    assert outcome.code == 0


def test_release_that_lacks_a_kind_is_told_by_object(retail: Estate, cli: Cli) -> None:
    cli("export", "dev", "--commit")
    with Cluster(settings=read_settings({"release": "26.2.0.cl-7"})) as older, Server(older) as running:
        load_folder(older, bundled("samples") / "prod-warehouse")
        retail.write("environments/prod/environment.yaml", environment_yaml(running.url, "source: dev\n"))
        retail.commit("older")
        outcome = cli("plan", "prod")
    (line,) = (line for line in outcome.err.splitlines() if "TD517" in line)
    assert line.startswith("error[TD517]: collection:")
    assert line.endswith(" needs ThoughtSpot 26.4; prod runs 26.2")
    assert ".collection.tml\n  hint: upgrade the cluster first" in outcome.err
