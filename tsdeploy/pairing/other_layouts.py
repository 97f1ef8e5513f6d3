"""What another tool laid out in a repository: where its TML is, and what its files know of which environments."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tsdeploy.errors import ConfigError, Finding, Location, Severity
from tsdeploy.files import safe_name
from tsdeploy.git import Repository
from tsdeploy.mapping.foreign import cs_tools, native
from tsdeploy.mapping.foreign.model import Foreign, ForeignFormat
from tsdeploy.scaffold.answers import NewEnvironment
from tsdeploy.scaffold.texts import environment_text
from tsdeploy.tml.folder import tml_files
from tsdeploy.visible import visible

CONFIG_BRANCH = "ts_config_files"
"""What ThoughtSpot's Git integration calls the branch of its own files unless told otherwise."""

_NATIVE = re.compile(r"(?:.*/)?([^/]+)\.mapping/org-(-?\d+)\.json")
_DEPLOYED = re.compile(r"(?:.*/)?([^/]+)\.commit/org-(-?\d+)_commit")
_CS_TOOLS = re.compile(r"(?:.*/)?\.mappings/(.+?)(?:-guid-mappings)?\.json", re.DOTALL)
_NOT_IN_NAME = re.compile(r"[^A-Za-z0-9_.-]+")


@dataclass(frozen=True, slots=True)
class Found:
    """A mapping file of another tool, and the environment that it is for. ``org`` is "" where it does not say."""

    name: str
    format: ForeignFormat
    shown: str
    foreign: Foreign
    org: str = ""
    instance: str = ""


@dataclass(frozen=True, slots=True)
class Adoptable:
    """What is there: the folder of the TML, relative to the project, the mapping files, and what cannot be read."""

    tml: str
    files: tuple[Found, ...]
    findings: tuple[Finding, ...] = ()

    def source(self, name: str) -> str:
        """The source environment's name, safe for a folder: as given, as a file says, or ``dev``."""
        said = (file.foreign.source for file in self.files if file.foreign.source)
        return _environment_name(name or next(said, "dev"))


def look_around(root: Path, branch: str = "") -> Adoptable:
    """Look for TML and for mapping files, in the folder and on the config branch of ThoughtSpot's Git integration.

    ``branch`` is that branch; ``ts_config_files`` where it is left out, if there is one. Nothing is written. Raises
    ConfigError TD329 when there is no TML, GitError TD701 or TD704.
    """
    folder = tml_folder(root)
    if not folder:
        hint = "bring objects into git with  tsdeploy export, or change into the repository that has them"
        raise ConfigError(Finding("TD329", "there is no TML to adopt", Location(str(root)), hint=hint))
    findings: list[Finding] = []
    files = [*_of_cs_tools(root, findings), *_of_integration(root, branch, findings)]
    return Adoptable(folder, tuple(files), tuple(findings))


def stub(name: str, source: str, found: Found | None) -> str:
    """An environment file to be completed. ``source`` is "" for the source itself."""
    origin = (
        f"{visible(found.shown)} was taken over for this environment" if found else "The TML in git comes from here"
    )
    host = name.lower().replace("_", "-").strip(".-") or "x"
    org = found.org if found and found.org != "0" else ""
    environment = NewEnvironment(name, f"https://{host}.example.thoughtspot.cloud", org, source)
    return environment_text(environment, f"{origin}; the address and the user are still to be written.")


def tml_folder(root: Path) -> str:
    """The deepest folder that all TML is in, as it is seen from the project; "" where there is no TML."""
    parents = [path.parent for path in tml_files(root)]
    if not parents:
        return ""
    common = Path(os.path.commonpath(parents)).relative_to(root)
    # One folder of a kind would leave no room for the other kinds.
    if len(common.parts) and all(parent == root / common for parent in parents):
        common = common.parent
    return common.as_posix()


def _of_cs_tools(root: Path, findings: list[Finding]) -> Iterator[Found]:
    for path in sorted(root.glob(".mappings/*.json")):
        shown = path.relative_to(root).as_posix()
        match = _CS_TOOLS.fullmatch(shown)
        foreign = _read(ForeignFormat.CS_TOOLS, path.read_bytes(), shown, findings)
        if match and foreign and foreign.pairs:
            yield Found(_environment_name(match[1]), ForeignFormat.CS_TOOLS, shown, foreign)


def _of_integration(root: Path, branch: str, findings: list[Finding]) -> Iterator[Found]:
    """The mapping files of each instance and Org, named after the branch that was deployed there."""
    repository = Repository.find(root)
    revision = branch or next((name for name in repository.branches() if _is_config(name)), "")
    if not revision:
        return
    blobs = dict(repository.blobs(revision, lambda path: bool(_NATIVE.fullmatch(path) or _DEPLOYED.fullmatch(path))))
    names = _deployed_branches(blobs)
    for path, content in blobs.items():
        match = _NATIVE.fullmatch(path)
        shown = f"{revision}:{path}"
        foreign = _read(ForeignFormat.NATIVE, content, shown, findings) if match else None
        if match and foreign:
            instance, org = match.groups()
            name = names.get((instance, org)) or f"{instance}-{org}"
            yield Found(_environment_name(name), ForeignFormat.NATIVE, shown, foreign, org, instance)


def _is_config(branch: str) -> bool:
    return PurePosixPath(branch).name == CONFIG_BRANCH


def _deployed_branches(blobs: dict[str, bytes]) -> dict[tuple[str, str], str]:
    """Instance and Org → the branch that was deployed there last, where only one was."""
    found = {}
    for path, content in blobs.items():
        match = _DEPLOYED.fullmatch(path)
        if match:
            lines = content.decode("utf-8", "replace").split()
            branches = {line.rpartition("=")[0] for line in lines if "=" in line}
            if len(branches) == 1:
                found[match[1], match[2]] = branches.pop()
    return found


def _read(format_: ForeignFormat, content: bytes, shown: str, findings: list[Finding]) -> Foreign | None:
    """The file, or None with findings: one broken file does not hide the others."""
    try:
        text = content.decode("utf-8")
        return cs_tools.read(text, shown) if format_ is ForeignFormat.CS_TOOLS else native.read(text, shown)
    except UnicodeDecodeError:
        findings.append(Finding("TD319", "is not UTF-8", Location(shown), severity=Severity.WARNING))
    except ConfigError as error:
        findings += (finding.as_warning() for finding in error.findings)
    return None


def _environment_name(text: str) -> str:
    """A folder's name for an environment, whatever a branch or a file is called."""
    return safe_name(_NOT_IN_NAME.sub("-", text.rpartition("/")[2])).strip("-._") or "target"


def distinct(files: Iterable[Found]) -> tuple[list[Found], list[Finding]]:
    """One file for each environment, and a warning TD239 for each other that claims the same name."""
    kept: dict[str, Found] = {}
    findings = []
    for file in files:
        other = kept.setdefault(file.name.casefold(), file)
        if other is not file:
            message = f"is for environment {file.name}, too, like {other.shown}; it was left out"
            hint = f"tsdeploy map import {file.format.value} FILE ENV  takes it over for another environment"
            where = Location(file.shown)
            findings.append(Finding("TD239", message, where, hint=hint, severity=Severity.WARNING))
    return list(kept.values()), findings
