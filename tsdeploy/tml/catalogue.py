"""Every place where a TML document refers to an object or holds a GUID of its own, as data.

Each entry is a path pattern (``[]`` is every list item), what stands there, what it refers to, and what a
promotion does with it. Whatever is not listed is never touched: GUID-like text in ``client_state``, filter
values, search tokens, join names and image ids is not an object's identity.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import TypeAlias

from tsdeploy.tml.kinds import KINDS
from tsdeploy.tml.patterns import Pattern, parse_pattern, pattern_text
from tsdeploy.tml.step_tree import StepTree, grow


class Holds(Enum):
    """What stands at a place."""

    IDENTITY = "identity"
    """A block of ``name``/``id`` and, at will, ``fqn`` (GUID) or ``obj_id``."""
    GUID = "guid"
    """A scalar that is a GUID."""
    OBJ_ID = "obj_id"
    """A scalar that is a portable obj_id."""
    LINKS = "links"
    """Text in which URLs carry GUIDs of objects (``#/pinboard/<guid>``)."""
    TAB_LINKS = "tab links"
    """Text in which URLs carry GUIDs of a Liveboard's tabs (``/tab/<guid>``)."""
    NAME = "name"
    """A scalar that is the name of something outside the document."""


class Promotion(Enum):
    """What promotion to another environment does with a place."""

    MAP = "map"
    """Rewritten to the target's identity; what cannot be mapped blocks the object."""
    MINT = "mint"
    """An inner GUID that the server may mint anew: derived, and read back after the import."""
    INNER = "inner"
    """A reference to a minted inner GUID, by which alone it can be named: rewritten to what was read back."""
    KEEP = "keep"
    """Left as is."""
    ENVIRONMENT = "environment"
    """Belongs to the environment: rewritten by a rule, else left."""
    SECRET = "secret"  # noqa: S105 - a name, no secret
    """May hold a secret: never written to another environment."""


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the catalogue. ``targets`` are kind names, "" for anything a GUID can name."""

    pattern: Pattern
    holds: Holds
    targets: frozenset[str]
    promotion: Promotion = Promotion.MAP

    def __str__(self) -> str:
        return pattern_text(self.pattern)


DATA = frozenset({"table", "sql_view", "input_table", "view", "model", "worksheet"})
_TABLES = frozenset({"table", "sql_view", "input_table", "view"})
_MODELS = frozenset({"model", "worksheet"})
_LINKED = frozenset({"liveboard", "answer"})
_ANY = frozenset({*DATA, "answer", "liveboard", "cohort", "collection"})


def _place(pattern: str, holds: Holds, targets: frozenset[str], promotion: Promotion = Promotion.MAP) -> Place:
    return Place(parse_pattern(pattern), holds, targets, promotion)


def _one(kind: str) -> frozenset[str]:
    return frozenset({kind})


def _links(pattern: str) -> list[Place]:
    return [
        _place(pattern, Holds.LINKS, _LINKED),
        _place(pattern, Holds.TAB_LINKS, _one("tab"), Promotion.INNER),
    ]


def _joins(prefix: str) -> list[Place]:
    return [_place(f"{prefix}.joins_with[].{end}", Holds.IDENTITY, DATA) for end in ("source", "destination", "with")]


def _formulas(prefix: str) -> list[Place]:
    return _links(f"{prefix}.formulas[].expr")


def _parameters(prefix: str) -> list[Place]:
    return [
        _place(f"{prefix}.parameters[].id", Holds.GUID, _one("parameter"), Promotion.MINT),
        _place(
            f"{prefix}.parameters[].dynamic_default_date.calendar_id",
            Holds.GUID,
            _one("calendar"),
            Promotion.ENVIRONMENT,
        ),
    ]


def _actions(prefix: str) -> list[Place]:
    return [
        _place(
            f"{prefix}.action_object_associations[].action_id",
            Holds.GUID,
            _one("action_object"),
            Promotion.ENVIRONMENT,
        )
    ]


def _answer(prefix: str) -> list[Place]:
    return [
        _place(f"{prefix}.tables[]", Holds.IDENTITY, DATA),
        *_links(f"{prefix}.description"),
        *_formulas(prefix),
        *_parameters(prefix),
        *_actions(prefix),
        *_cohort(f"{prefix}.cohorts[]"),
    ]


def _cohort(prefix: str) -> list[Place]:
    places = []
    for config in ("config", "cohort_config"):
        places += [
            _place(f"{prefix}.{config}.cohort_answer_guid", Holds.GUID, _one("answer")),
            _place(f"{prefix}.{config}.cohort_guid", Holds.GUID, _one("cohort"), Promotion.MINT),
            _place(f"{prefix}.{config}.worksheet", Holds.IDENTITY, _MODELS),
        ]
    return [
        _place(f"{prefix}.worksheet", Holds.IDENTITY, _MODELS),
        _place(f"{prefix}.model", Holds.IDENTITY, _MODELS),
        *places,
    ]


def _liveboard(root: str) -> list[Place]:
    override = f"{root}.layout.tabs[].parameter_overrides[]"
    return [
        *_links(f"{root}.description"),
        *_links(f"{root}.dynamic_description"),
        _place(f"{root}.tables[]", Holds.IDENTITY, DATA),
        _place(f"{root}.visualizations[].viz_guid", Holds.GUID, _one("viz"), Promotion.MINT),
        *_links(f"{root}.visualizations[].note_tile.html_parsed_string"),
        *_answer(f"{root}.visualizations[].answer"),
        *_actions(f"{root}.visualizations[]"),
        _place(f"{root}.groups[].group_guid", Holds.GUID, _one("group"), Promotion.MINT),
        _place(f"{root}.layout.tabs[].id", Holds.GUID, _one("tab"), Promotion.MINT),
        *(
            _place(f"{overrides}.{end}", Holds.GUID, _one("parameter"), Promotion.MINT)
            for end in ("key", "value.id")
            for overrides in (
                f"{root}.parameter_overrides[]",
                f"{root}.groups[].parameter_overrides[]",
                override,
            )
        ),
        _place(f"{root}.views[].view_guid", Holds.GUID, _one("view_state"), Promotion.MINT),
        _place(f"{root}.views[].view_parameters[].id", Holds.GUID, _one("parameter"), Promotion.MINT),
    ]


def _alert(root: str) -> list[Place]:
    return [
        _place(f"{root}[].guid", Holds.GUID, _one("monitor_alert"), Promotion.MINT),
        _place(f"{root}[].metric_id.pinboard_viz_id.pinboard_id", Holds.GUID, _one("liveboard")),
        _place(f"{root}[].metric_id.pinboard_viz_id.viz_id", Holds.GUID, _one("viz"), Promotion.INNER),
        _place(f"{root}[].metric_id.answer_id", Holds.GUID, _one("answer")),
        _place(f"{root}[].metric_id.personalised_view_id", Holds.GUID, _one("view_state"), Promotion.INNER),
        _place(f"{root}[].attribute_info.id", Holds.GUID, _ANY),
        _place(f"{root}[].attribute_info.answer_id", Holds.GUID, _one("answer")),
        _place(f"{root}[].personalised_view_info.tables[]", Holds.IDENTITY, DATA),
    ]


_PLACES: dict[str, list[Place]] = {
    "table": [
        _place("table.connection", Holds.IDENTITY, _one("connection")),
        *_joins("table"),
        _place("table.rls_rules.tables[]", Holds.IDENTITY, _TABLES),
        _place("table.rls_rules.table", Holds.IDENTITY, _TABLES),
        _place(
            "table.columns[].properties.geo_config.custom_file_guid",
            Holds.GUID,
            _one("geo_file"),
            Promotion.ENVIRONMENT,
        ),
        *_parameters("table"),
    ],
    "sql_view": [
        _place("sql_view.connection", Holds.IDENTITY, _one("connection")),
        *_joins("sql_view"),
    ],
    "input_table": [
        _place("input_table.connection", Holds.IDENTITY, _one("connection")),
        _place("input_table.model", Holds.IDENTITY, _MODELS),
    ],
    "view": [
        _place("view.tables[]", Holds.IDENTITY, DATA),
        *_joins("view"),
        *_formulas("view"),
        *_parameters("view"),
    ],
    "model": [
        *_links("model.description"),
        _place("model.model_tables[]", Holds.IDENTITY, DATA),
        _place("model.aggregated_models[]", Holds.IDENTITY, _MODELS),
        _place("model.aggregated_models[].id", Holds.GUID, _MODELS),
        *_joins("model"),
        *_formulas("model"),
        *_parameters("model"),
        *_actions("model"),
    ],
    "worksheet": [
        *_links("worksheet.description"),
        _place("worksheet.tables[]", Holds.IDENTITY, DATA),
        _place("worksheet.schema.tables[]", Holds.IDENTITY, DATA),
        *_joins("worksheet"),
        *_formulas("worksheet"),
        *_parameters("worksheet"),
        *_actions("worksheet"),
    ],
    "answer": _answer("answer"),
    "cohort": [*_cohort("cohort"), *_answer("cohort.answer")],
    "liveboard": _liveboard("liveboard"),
    "pinboard": _liveboard("pinboard"),
    "monitor_alert": _alert("monitor_alert"),
    "nls_feedback": [_place("guid", Holds.GUID, _MODELS), _place("obj_id", Holds.OBJ_ID, _MODELS)],
    "column_alias": [_place("column_alias.model", Holds.IDENTITY, _MODELS)],
    "column_security_rules": [_place("column_security_rules.table", Holds.IDENTITY, _TABLES)],
    "collection": [_place("collection.content[].id", Holds.GUID, _ANY)],
    "collection_object": [_place("collection_object.content[].id", Holds.GUID, _ANY)],
}


def places(root: str) -> tuple[Place, ...]:
    """The places of the documents with a root key; none for a kind that is not known."""
    return tuple(_PLACES.get(root, ()))


PlaceTree: TypeAlias = "StepTree[Place]"


@cache
def place_tree(root: str) -> PlaceTree:
    """The places of a root key, arranged by step."""
    return grow(places(root), lambda place: place.pattern)


assert set(_PLACES) <= set(KINDS), "only a kind has places"
