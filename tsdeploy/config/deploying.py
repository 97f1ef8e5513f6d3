"""How an environment is deployed: the ``deploy`` and ``state`` of its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Policy = Literal["all_or_none", "partial"]
Access = Literal["READ_ONLY", "MODIFY"]
PersonalViews = Literal["keep", "replace"]


@dataclass(frozen=True, slots=True)
class Hooks:
    """Commands around a deploy, each as a list of words; no shell reads them. ``timeout`` is seconds for each."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    on_failure: tuple[str, ...] = ()
    timeout: float = 300.0


@dataclass(frozen=True, slots=True)
class RecordSettings:
    """What becomes of ``objects.json`` and the release's file after a deploy.

    ``commit`` commits them; ``push`` pushes them to ``remote``. ``branch`` is the branch they are committed to, ""
    the one that is checked out; ``backup_branch`` also gets the texts from before, "" leaves these on this machine.
    """

    commit: bool = False
    push: bool = False
    branch: str = ""
    remote: str = "origin"
    backup_branch: str = ""

    @property
    def keeps(self) -> bool:
        """Whether a deploy puts them into git, so that nobody else has to."""
        return self.commit or bool(self.branch)


@dataclass(frozen=True, slots=True)
class DeploySettings:
    """How a release is sent.

    ``batch_size`` is how many objects an atomic call has, ``parallel`` how many calls run at a time. From
    ``async_from`` objects in a release on, imports are asynchronous (None: never); ``async_deadline`` and
    ``async_poll`` are seconds. A call whose answer was lost, and of which nothing is there, is sent once more within
    ``resend_within`` seconds of the first time. ``shared_lock`` also locks a git ref on the remote; a lock older than
    ``lock_stale_after`` seconds is nobody's any more. ``personal_views`` says whether views that people saved of a
    Liveboard stay when the text that is sent does not have them.
    """

    policy: Policy = "all_or_none"
    batch_size: int = 50
    parallel: int = 4
    async_from: int | None = None
    async_deadline: float = 3600.0
    async_poll: float = 30.0
    resend_within: float = 900.0
    shared_lock: bool = False
    lock_stale_after: float = 14400.0
    personal_views: PersonalViews = "keep"
    record: RecordSettings = field(default_factory=RecordSettings)
    hooks: Hooks = field(default_factory=Hooks)


@dataclass(frozen=True, slots=True)
class Grant:
    """Access of one user or group, by name or GUID. ``type`` is ``USER`` or ``USER_GROUP``."""

    principal: str
    type: str
    access: Access


@dataclass(frozen=True, slots=True)
class DesiredState:
    """What deployed objects that ``objects`` selects are to have; what is empty is left as it is."""

    objects: tuple[str, ...]
    tags: tuple[str, ...] = ()
    share: tuple[Grant, ...] = ()
    owner: str = ""
    obj_id: bool = False


def read_deploy_settings(value: Mapping[str, Any]) -> DeploySettings:
    """The ``deploy`` of an environment file that fits its schema."""
    hooks: dict[str, Any] = {
        name: tuple(item) if isinstance(item, list) else item for name, item in value.get("hooks", {}).items()
    }
    nested: dict[str, Any] = {"record": RecordSettings(**value.get("record", {})), "hooks": Hooks(**hooks)}
    return DeploySettings(**(dict(value) | nested))


def read_state(value: list[Mapping[str, Any]]) -> tuple[DesiredState, ...]:
    """The ``state`` of an environment file that fits its schema."""
    return tuple(
        DesiredState(
            objects=tuple(entry["objects"]),
            tags=tuple(entry.get("tags", ())),
            share=tuple(_grant(grant) for grant in entry.get("share", ())),
            owner=entry.get("owner", ""),
            obj_id=entry.get("obj_id", False),
        )
        for entry in value
    )


def _grant(value: Mapping[str, Any]) -> Grant:
    is_user = "user" in value
    return Grant(value["user" if is_user else "group"], "USER" if is_user else "USER_GROUP", value["access"])
