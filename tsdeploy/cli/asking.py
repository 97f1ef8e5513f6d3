"""What ``tsdeploy init`` asks on a terminal: few questions, each with the answer that is usual."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import click

from tsdeploy.cli.output import safe
from tsdeploy.config.project import Project
from tsdeploy.errors import UsageError
from tsdeploy.git import Repository
from tsdeploy.pairing.other_layouts import tml_folder
from tsdeploy.pipelines.systems import SYSTEMS
from tsdeploy.scaffold.answers import (
    AUTH_KINDS,
    USERNAME,
    AuthKind,
    NewEnvironment,
    SignIn,
    address,
    check_name,
    folder_inside,
    new_environments,
)
from tsdeploy.set_up import SetupOrder, present_source, usual_branch

_Answer = TypeVar("_Answer")
_NO_HOST = "none"


def ask(root: Path, repository: Repository | None) -> SetupOrder:
    """Ask what is to be set up in a folder."""
    click.echo("Nothing that is there will be overwritten. Enter takes what stands in brackets.\n")
    new_repository = repository is None and click.confirm(
        "This folder is in no git repository. Make one?", default=True
    )
    found = tml_folder(root)
    adopts = bool(found) and _confirm_adoption(root, found)
    environments = _environments(root, usual_branch(repository))
    tml = found or click.prompt("Folder for the TML", default="tml", value_proc=_valid(partial(folder_inside, root)))
    systems = _systems(repository) if any(one.source for one in environments) else ()
    return SetupOrder(
        environments=environments,
        tml=tml,
        adopts=adopts,
        systems=systems,
        target=_target(environments) if systems else "",
        drivers=(new_repository or repository is not None)
        and click.confirm("Let git show and merge TML by object, in this clone?", default=True),
        repository=new_repository,
    )


def _confirm_adoption(root: Path, found: str) -> bool:
    where = "this folder" if found == "." else safe(found)
    names = Project(root).environment_names()
    return not names and click.confirm(
        f"There is TML in {where}. Take it over, with what other tools know of it?", default=True
    )


def _environments(root: Path, branch: str) -> tuple[NewEnvironment, ...]:
    there = Project(root).environment_names()
    if there:
        click.echo(f"Environments here: {', '.join(map(safe, there))}.")
        text = click.prompt("Environments to add", default="", show_default=False, value_proc=_valid(_names))
    else:
        text = click.prompt("Names of the environments, from dev to prod", "dev prod", value_proc=_valid(_names))
    names = [name for name in text.split() if name not in there]
    pairs: list[tuple[str, str]] = []
    orgs: dict[str, str] = {}
    for name in names:
        pairs.append((name, click.prompt(f"Address of {name}", value_proc=_valid(address))))
        org = click.prompt(f"Org of {name}, by id or name; empty for its default", default="", show_default=False)
        orgs |= {name: org} if org else {}
    if not names:
        return ()
    return new_environments(pairs, orgs, _sign_in(branch), source=present_source(root))


def _sign_in(branch: str) -> SignIn:
    kind: AuthKind = click.prompt("How to sign in", type=click.Choice(AUTH_KINDS), default=AUTH_KINDS[0])
    user = USERNAME if kind == "token" else click.prompt("As which ThoughtSpot user", default=USERNAME)
    return SignIn(kind, user, branch)


def _systems(repository: Repository | None) -> tuple[str, ...]:
    choices = click.Choice([*SYSTEMS, _NO_HOST])
    chosen = click.prompt("CI pipeline", type=choices, default=_host_of(repository))
    return () if chosen == _NO_HOST else (chosen,)


def _host_of(repository: Repository | None) -> str:
    remotes = repository.run("remote", "--verbose").lower() if repository else ""
    return next((name for name, one in SYSTEMS.items() if any(word in remotes for word in one.remotes)), _NO_HOST)


def _target(environments: tuple[NewEnvironment, ...]) -> str:
    targets = [one.name for one in environments if one.source]
    if len(targets) == 1:
        return targets[0]
    chosen: str = click.prompt("Which one does the pipeline deploy to", type=click.Choice(targets), default=targets[-1])
    return chosen


def _names(text: str) -> str:
    return " ".join(map(check_name, text.replace(",", " ").split()))


def _valid(read: Callable[[str], _Answer]) -> Callable[[str], _Answer]:
    """A reader whose refusal makes the question come again."""

    def convert(text: str) -> _Answer:
        try:
            return read(text)
        except UsageError as error:
            first = error.findings[0]
            raise click.BadParameter(f"{safe(first.message)}; {safe(first.hint)}") from None

    return convert
