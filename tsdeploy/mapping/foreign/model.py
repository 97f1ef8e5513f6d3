"""What mapping files of other tools say, in one model: pairs, moves of tables, and text to replace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from tsdeploy.errors import Finding, Location
from tsdeploy.mapping.locations import TableLocation


class ForeignFormat(str, Enum):
    """The formats, by the names that commands know them by."""

    CS_TOOLS = "cs_tools"
    """``.mappings/<env>-guid-mappings.json`` of cs_tools 1.6 and later."""
    NATIVE = "native"
    """``{instanceId}.mapping/org-{orgId}.json`` of ThoughtSpot's Git integration."""
    GUID_MAPPER = "guid-mapper"
    """``EnvironmentGUIDMapper`` of thoughtspot_tml."""
    PARENT_CHILD = "parent-child"
    """The GUID map and the TOML of table properties of ts_rest_api_and_tml_tools."""


@dataclass(frozen=True, slots=True)
class GuidPair:
    """An object and its counterpart; ``inner`` pairs the GUIDs inside it (visualizations)."""

    source: str
    target: str
    location: Location | None = None
    inner: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Replacement:
    """Raw text that the other tool replaces in every TML file, or in that of the object ``owner`` (a GUID) alone.

    It runs over the text of the file, so that it may hold a key: ``db: DEV``.
    """

    find: str
    to: str
    location: Location | None = None
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """Tables at a location, connection included, are at another in the target."""

    source: TableLocation
    target: TableLocation
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Foreign:
    """One mapping file, for one source and one target.

    ``unmapped`` are GUIDs that the file knows and has no counterpart for; that says nothing about references to
    them. ``source`` is the name of the source environment where the file tells it.
    """

    pairs: tuple[GuidPair, ...] = ()
    replacements: tuple[Replacement, ...] = ()
    moves: tuple[Move, ...] = ()
    unmapped: tuple[str, ...] = ()
    source: str = ""
    findings: tuple[Finding, ...] = ()


def lossy(message: str, location: Location | None, hint: str) -> Finding:
    """The finding for what cannot be carried over as it is."""
    return Finding("TD320", message, location, hint=hint)


def guids_only(foreign: Foreign, *, moves: bool = True) -> list[Finding]:
    """Warnings for what a format that holds GUIDs alone leaves out; ``moves`` says whether these are left out, too."""
    left_out = {
        "the GUIDs inside objects": sum(map(bool, (pair.inner for pair in foreign.pairs))),
        "replacements of text": len(foreign.replacements),
        "moves of tables": len(foreign.moves) if moves else 0,
    }
    hint = "whoever reads the file needs them from elsewhere"
    return [
        lossy(f"{what} are left out ({number}): this format has no place for them", None, hint).as_warning()
        for what, number in left_out.items()
        if number
    ]
