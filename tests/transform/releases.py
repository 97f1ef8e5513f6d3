"""Releases to render: the samples with the demo's mapping, and small ones made of texts."""

from __future__ import annotations

from collections.abc import Iterable

from tests.tml.real_files import REPOSITORY, RETAIL, documents_below
from tests.tml.tml_texts import documents
from tsdeploy.config.objects import ObjectMap, ObjectRecord
from tsdeploy.errors import Finding, Location
from tsdeploy.mapping.rules import Mapping, NameRule, TableLocation, TableRule, TextRule, load_mapping
from tsdeploy.tml.document import Document
from tsdeploy.transform.leftovers import source_names
from tsdeploy.transform.render import Inputs, Rendered, Rendering, render
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
) -> Mapping:
    """Rules, by default those that the small texts need."""
    return Mapping(
        file="mapping.yaml",
        connections=_named({"Dev": "Prod"} if connections is None else connections),
        tables=tuple(TableRule(source, target, HERE) for source, target in tables),
        objects=_named(objects or {}),
        text=tuple(text),
    )


def _named(rules: dict[str, str]) -> dict[str, NameRule]:
    return {source: NameRule(source, target, HERE) for source, target in rules.items()}


def text_rule(find: str, to: str, *, selector: str = "*", path: str = "") -> TextRule:
    """A text rule for everything, or in scope."""
    return TextRule(find, to, selector, path, HERE)


def rendered(texts: Iterable[str], given: Inputs | None = None) -> Rendering:
    """A release of texts."""
    return render(documents(texts), given or inputs())


def one(text: str, given: Inputs | None = None, *, beside: Iterable[str] = ()) -> Rendered:
    """The first text of a release, rendered."""
    return rendered([text, *beside], given).rendered[0]


def codes(findings: Iterable[Finding]) -> list[str]:
    """The codes of findings."""
    return [finding.code for finding in findings]
