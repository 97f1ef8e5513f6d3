"""Every Org of a cluster as an environment of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.errors import Finding, UsageError
from tsdeploy.files import safe_name, within, write_atomically
from tsdeploy.rest import Org, Session, search_orgs

_ORG_LINE = re.compile(r"^org\s*:.*$", re.MULTILINE)
_NOT_A_WORD = re.compile(r"[^\w.-]+")


def environments_of_orgs(project: Project, base: Environment, session: Session) -> Iterator[Environment]:
    """The environment of each active Org of the base's cluster; what is not there yet is made like the base.

    An environment belongs to an Org when its file has the cluster's address and the Org's id or name. Raises
    UsageError TD524 where Orgs cannot be listed, ConfigError for an environment file that is wrong.
    """
    orgs = [org for org in search_orgs(session) if org.status in ("", "ACTIVE")]
    if not orgs:
        hint = "only an administrator of the cluster sees its Orgs; name the environments one by one"
        raise UsageError(Finding("TD524", f"{base.name} shows no Orgs", hint=hint))
    known = [project.environment(name) for name in project.environment_names()]
    for org in orgs:
        there = next((one for one in known if one.url == base.url and one.org in (org.id, org.name)), None)
        yield there or _made(project, base, org)


def _made(project: Project, base: Environment, org: Org) -> Environment:
    name = _free_name(project, f"{base.name}-{_NOT_A_WORD.sub('-', safe_name(org.name)).strip('-.').lower() or org.id}")
    text = (base.folder / "environment.yaml").read_text(encoding="utf-8")
    line = f"org: {org.id}"
    text = _ORG_LINE.sub(line, text, count=1) if _ORG_LINE.search(text) else f"{text.rstrip()}\n{line}\n"
    write_atomically(within(project.root, f"environments/{name}/environment.yaml"), text.encode("utf-8"))
    return project.environment(name)


def _free_name(project: Project, wanted: str) -> str:
    taken = {name.casefold() for name in project.environment_names()}
    number, name = 2, wanted
    while name.casefold() in taken:
        number, name = number + 1, f"{wanted}-{number}"
    return name
