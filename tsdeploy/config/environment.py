"""An environment: a ThoughtSpot org on a cluster, and what may be done with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from tsdeploy.config.auth import Auth, PasswordAuth, TokenAuth, TrustedAuth
from tsdeploy.config.backing_up import BackupSettings, read_backup_settings
from tsdeploy.config.deploying import DeploySettings, DesiredState, read_deploy_settings, read_state
from tsdeploy.config.guards import Guards, read_guards
from tsdeploy.config.secrets import Secret, expand_variables, parse_secret, variables
from tsdeploy.config.yaml_file import ConfigFile, load_config, load_schema
from tsdeploy.errors import ConfigError, Finding

NewGuids = Literal["derived", "keep", "server"]
IdentityForm = Literal["guid", "obj_id"]
_URL = re.compile(r"https?://[^/?#@\s]+/?")
_SECRETS = ("password", "secret_key", "token")


@dataclass(frozen=True, slots=True)
class Tls:
    """Whether and against what the server's certificate is checked."""

    verify: bool = True
    ca_bundle: Path | None = None


@dataclass(frozen=True, slots=True)
class Timeout:
    """Seconds to wait for a connection and for an answer."""

    connect: float = 10.0
    read: float = 300.0


@dataclass(frozen=True, slots=True)
class ExportSettings:
    """What an export selects. Filters of different sorts narrow each other; an empty one does not filter.

    ``subtypes`` are the server's, such as ``WORKSHEET``; ``collections`` are names or GUIDs, whose objects count.
    ``modified_since`` is a date or an age such as ``7d``. ``select`` and ``exclude`` are selectors that are asked when
    everything is there. ``associated`` adds what the objects are built on and what hangs on them, ``dependents`` what
    is built on them; ``system_owned`` what came with the cluster. ``layout`` says where new files go.
    """

    tags: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    guids: tuple[str, ...] = ()
    associated: bool = True
    identity: IdentityForm = "guid"
    subtypes: tuple[str, ...] = ()
    obj_ids: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    modified_since: str = ""
    select: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    dependents: bool = False
    system_owned: bool = False
    layout: str = ""


@dataclass(frozen=True, slots=True)
class Environment:
    """One environment as ``environments/<name>/environment.yaml`` describes it."""

    name: str
    folder: Path
    url: str
    auth: Auth
    org: int | str | None = None
    source: str = ""
    tls: Tls = field(default_factory=Tls)
    timeout: Timeout = field(default_factory=Timeout)
    export: ExportSettings = field(default_factory=ExportSettings)
    new_guids: NewGuids = "derived"
    guards: Guards = field(default_factory=Guards)
    deploy: DeploySettings = field(default_factory=DeploySettings)
    state: tuple[DesiredState, ...] = ()
    backup: BackupSettings = field(default_factory=BackupSettings)

    @property
    def mapping_path(self) -> Path:
        """The hand-written rules."""
        return self.folder / "mapping.yaml"

    @property
    def objects_path(self) -> Path:
        """The machine-written map of objects."""
        return self.folder / "objects.json"

    @property
    def namespace(self) -> str:
        """What derived GUIDs are derived from: the same for every clone of the repository."""
        return f"{self.url.rstrip('/').lower()}#org={'' if self.org is None else self.org}"


def load_environment(folder: Path, shown: str, environ: Mapping[str, str] | None = None) -> Environment:
    """Read ``environment.yaml`` in a folder. ``shown`` is the file's path as messages show it.

    Raises ConfigError TD301–TD303 (file), TD304 (a secret that is no reference), TD305 (unset variable),
    TD340 (a secret that would be seen), TD341 (an address without encryption).
    """
    schema = load_schema("tsdeploy.config", "environment")
    file = load_config(folder / "environment.yaml", schema, what="environment file", shown=shown)
    findings: list[Finding] = []
    signing_in = variables(" ".join(str(file.value["auth"].get(key, "")) for key in _SECRETS))
    value = _Expansion(file, environ, signing_in, findings).of(file.value)
    if not findings:
        findings += _wrong_address(file, value)
    auth = _auth(file, value["auth"], findings)
    if auth is None or findings:
        raise ConfigError(findings[0], *findings[1:])
    guards = read_guards(file, value.get("guards", {}), findings)
    ConfigError.raise_for(findings)
    tls = value.get("tls", {})
    bundle = tls.get("ca_bundle")
    return Environment(
        name=folder.name,
        folder=folder,
        url=value["url"].rstrip("/"),
        auth=auth,
        org=value.get("org"),
        source=value.get("source", ""),
        tls=Tls(tls.get("verify", True), folder / bundle if bundle else None),
        timeout=Timeout(**value.get("timeout", {})),
        export=ExportSettings(**_tuples(value.get("export", {}))),
        new_guids=value.get("new_guids", "derived"),
        guards=guards,
        deploy=read_deploy_settings(value.get("deploy", {})),
        state=read_state(value.get("state", [])),
        backup=read_backup_settings(value.get("backup", {})),
    )


def _wrong_address(file: ConfigFile, value: Mapping[str, Any]) -> list[Finding]:
    """What is wrong with the address. Credentials go nowhere unencrypted, unless the file says that they may."""
    where, url = file.at("url"), str(value["url"])
    if not _URL.fullmatch(url):
        return [Finding("TD303", "must be http(s)://host, without a path or a password", where, at="url")]
    if url.startswith("http:") and value.get("tls", {}).get("verify", True) and not _is_loopback(url):
        hint = "write https://; where nobody else is on the way, say so with  tls: {verify: false}"
        return [Finding("TD341", "the credentials would be sent unencrypted", where, at="url", hint=hint)]
    return []


def _is_loopback(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or host.endswith(".localhost") or ip_address(host).is_loopback
    except ValueError:  # no address at all, or that of a name
        return False


def _auth(file: ConfigFile, value: Mapping[str, Any], findings: list[Finding]) -> Auth | None:
    """The way to sign in; None, with findings, when a secret is not a reference."""
    secrets: dict[str, Secret] = {}
    for key in _SECRETS:
        if key in value:
            try:
                secrets[key] = parse_secret(str(value[key]), file.at("auth", key), key=f"auth.{key}")
            except ConfigError as error:
                findings += error.findings
    needed = {"token": "token", "trusted": "secret_key", "password": "password"}[value["type"]]
    if needed not in secrets:
        return None
    if needed == "token":
        return TokenAuth(secrets[needed])
    sign_in = TrustedAuth if needed == "secret_key" else PasswordAuth
    return sign_in(value["username"], secrets[needed])


@dataclass(frozen=True, slots=True)
class _Expansion:
    """``${env:…}`` replaced everywhere but in secrets; the variables of those, ``hidden``, stand nowhere else."""

    file: ConfigFile
    environ: Mapping[str, str] | None
    hidden: frozenset[str]
    findings: list[Finding]

    def of(self, node: Any, steps: tuple[str | int, ...] = ()) -> Any:
        """A value of the file, as it is meant."""
        if isinstance(node, dict):
            return {key: self.of(child, (*steps, key)) for key, child in node.items()}
        if isinstance(node, list):
            return [self.of(child, (*steps, number)) for number, child in enumerate(node)]
        if not isinstance(node, str) or steps[-1] in _SECRETS:
            return node
        try:
            return expand_variables(node, self.file.at(*steps), self.environ, self.hidden)
        except ConfigError as error:
            self.findings.extend(error.findings)
            return node


def _tuples(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(item) if isinstance(item, list) else item for key, item in value.items()}
