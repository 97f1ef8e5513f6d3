"""Releases to render: the samples with the demo's mapping, and small ones made of texts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.tml.real_files import REPOSITORY, RETAIL, documents_below
from tests.tml.tml_texts import documents
from tsdeploy.config.objects import ObjectMap, ObjectRecord
from tsdeploy.errors import Finding, Location, Severity
from tsdeploy.mapping.locations import TableLocation
from tsdeploy.mapping.model import Mapping, TableRule, TextRule
from tsdeploy.mapping.names import NameRule, NameRules
from tsdeploy.mapping.reading import load_mapping
from tsdeploy.tml.document import Document
from tsdeploy.transform.inputs import Inputs, Rendered, Rendering
from tsdeploy.transform.leftovers import source_names
from tsdeploy.transform.render import render
from tsdeploy.transform.targets import Known, Namespace

DEV_HOST = "harbor-dev.thoughtspot.example"
HERE = Location("mapping.yaml", 1, 1)
PROD = Namespace("https://prod.example.com#org=")


def retail() -> list[Document]:
    """The large sample."""
    return documents_below(RETAIL)


def demo_mapping() -> Mapping:
    """The mapping of the example environment prod."""
    return load_mapping(REPOSITORY / "environments" / "prod" / "mapping.yaml", "mapping.yaml")


def inputs(
    mapping: Mapping | None = None,
    *,
    records: Iterable[ObjectRecord] = (),
    known: Known | None = None,
    namespace: Namespace = PROD,
    source_url: str = f"https://{DEV_HOST}",
) -> Inputs:
    """What a release is rendered with."""
    rules = mapping or rule_set()
    return Inputs(
        environment="prod",
        mapping=rules,
        objects=ObjectMap(tuple(records)),
        namespace=namespace,
        source_names=source_names(source_url, rules),
        known=known or Known(),
    )


def rule_set(
    *,
    connections: dict[str, str] | None = None,
    tables: Iterable[tuple[TableLocation, TableLocation]] = ((TableLocation(db="DEV"), TableLocation(db="PROD")),),
    objects: dict[str, str] | None = None,
    text: Iterable[TextRule] = (),
    **others: Any,
) -> Mapping:
    """Rules, by default those that the small texts need."""
    bound = objects or {}
    return Mapping(
        file="mapping.yaml",
        connections=named("connections", {"Dev": "Prod"} if connections is None else connections),
        tables=tuple(TableRule(source, target, HERE) for source, target in tables),
        objects={source: NameRule(source, target, HERE, section="objects") for source, target in bound.items()},
        text=tuple(text),
        **others,
    )


def named(section: str, rules: dict[str, str]) -> NameRules:
    """Rules for names."""
    return NameRules(tuple(NameRule(source, target, HERE, section=section) for source, target in rules.items()))


def text_rule(find: str, to: str, *, selector: str = "*", path: str = "") -> TextRule:
    """A text rule for everything, or in scope."""
    return TextRule(find, to, path, HERE, () if selector == "*" else (selector,))


def rendered(texts: Iterable[str], given: Inputs | None = None) -> Rendering:
    """A release of texts."""
    return render(documents(texts), given or inputs())


def one(text: str, given: Inputs | None = None, *, beside: Iterable[str] = ()) -> Rendered:
    """The first text of a release, rendered."""
    return rendered([text, *beside], given).rendered[0]


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that stop a release. Small releases leave some of the default rules unused."""
    return [finding for finding in findings if finding.severity is Severity.ERROR]


def codes(findings: Iterable[Finding]) -> list[str]:
    """The codes of findings."""
    return [finding.code for finding in findings]
