"""What a sandbox cluster is told when it is made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from tsdeploy.errors import Finding, UsageError
from tsdeploy.sandbox.release import is_release

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Settings:
    """The knobs of one cluster.

    ``orgs`` are the names of Orgs beside Primary. ``auto_obj_ids`` gives each object written an obj_id of its
    own (``NameWithoutSpaces-1a2b3c4d``), as clusters do where the feature is on. ``max_body_bytes`` is what one
    request may carry; 500 MB is the documented limit of ThoughtSpot. ``admin_token`` opens the admin API to other
    machines; without one it answers this machine alone. With a ``seed`` the same requests in the same order get the
    same GUIDs, tokens and times. ``latency_per_call`` and ``latency_per_object`` are milliseconds; ``rate_limit``
    switches the documented rate limits on. ``import_object_ms`` is how long an asynchronous import takes for each
    object. ``orgs_enabled`` and ``trusted_authentication`` are what a cluster may have switched off.
    A Model of more than ``large_model_columns`` columns is read only on demand (0: none is so large).
    Searches follow the rename of a column after ``rename_delay_ms``. ``connection_details_as_text`` shows the
    configuration of a connection as JSON in a string, and ``warehouse_type_key`` is where the type of a warehouse
    column stands: both differ from build to build. With ``dropped_parts_are_errors`` an object that lost parts under
    PARTIAL_OBJECT answers ERROR with a header, as older builds do, instead of WARNING. ``max_connections`` is how many
    clients are served at a time; one more is told 503.
    """

    name: str = "sandbox"
    orgs: tuple[str, ...] = ()
    auto_obj_ids: bool = False
    secret_key: str = "sandbox"  # noqa: S105 - a name, no secret
    password: str = "tsadmin"  # noqa: S105 - a name, no secret
    release: str = "26.8.0.cl-123"
    max_body_bytes: int = 500 * MEBIBYTE
    max_connections: int = 512
    admin_token: str = ""
    seed: int | None = None
    latency_per_call: int = 0
    latency_per_object: int = 0
    rate_limit: bool = False
    import_object_ms: int = 0
    large_model_columns: int = 0
    rename_delay_ms: int = 0
    orgs_enabled: bool = True
    trusted_authentication: bool = True
    connection_details_as_text: bool = False
    warehouse_type_key: str = "data_type"
    dropped_parts_are_errors: bool = False


def settings_text(settings: Settings) -> str:
    """What differs from the usual settings, as JSON; without the admin token."""
    usual = Settings()
    return json.dumps(
        {
            item.name: value
            for item in fields(Settings)
            if item.name != "admin_token" and (value := getattr(settings, item.name)) != getattr(usual, item.name)
        }
    )


def read_settings(given: Mapping[str, Any]) -> Settings:
    """Settings by name; numbers and switches may be text. Raises UsageError TD814 for a name or value that is wrong."""
    types = {item.name: str(item.type) for item in fields(Settings)}
    values: dict[str, Any] = {}
    for name, value in given.items():
        if name not in types:
            raise _refused(f"there is no setting {name!r}")
        values[name] = _value(name, types[name], value)
    if "release" in values and not is_release(values["release"]):
        raise _refused(f"release must be like 26.8, not {values['release']!r}")
    return Settings(**values)


_FLAGS = {"true": True, "false": False, True: True, False: False}


def _value(name: str, type_name: str, value: Any) -> Any:
    if type_name == "bool":
        if value in _FLAGS:
            return _FLAGS[value]
        raise _refused(f"{name} must be true or false")
    if type_name.startswith("int"):
        text = str(value)
        if text.isascii() and text.isdecimal():
            return int(text)
        raise _refused(f"{name} must be a whole number")
    return tuple(value) if type_name.startswith("tuple") else str(value)


def _refused(why: str) -> UsageError:
    names = ", ".join(item.name for item in fields(Settings) if item.name not in ("name", "admin_token"))
    return UsageError(Finding("TD814", f"not a setting of a sandbox: {why}", hint=f"the settings are: {names}"))
