"""What is wrong with the pairs of an environment, told from its files alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tsdeploy.config.environment import Environment
from tsdeploy.config.objects import ObjectMap
from tsdeploy.config.project import Project
from tsdeploy.config.yaml_file import ConfigFile
from tsdeploy.errors import ConfigError, Finding, Severity
from tsdeploy.mapping.model import Mapping as Rules
from tsdeploy.mapping.pairs import Pair, paired_twice, poisoned
from tsdeploy.pairing.files import bound_pairs, documents_of, effective_pairs, files_of, recorded_pairs
from tsdeploy.release import release_inputs
from tsdeploy.tml.document import Document
from tsdeploy.transform.render import render


def check_mapping(project: Project, environment: Environment) -> tuple[Finding, ...]:
    """What is wrong with an environment's pairs and rules; where a file cannot be read, what is wrong with it."""
    try:
        inputs = release_inputs(project, environment)
        documents = documents_of(project)
        objects = files_of(project, environment).objects_file()
        found = audit(inputs.mapping, objects, documents, inputs.source_objects)
        return (*found, *of_rules(render(documents, inputs).findings, found))
    except ConfigError as error:
        return error.findings


def audit(rules: Rules, objects: ConfigFile | None, documents: Iterable[Document], source: ObjectMap) -> list[Finding]:
    """Pairs that contradict or poison each other (TD309, TD233, TD313), that are overruled, and that lead nowhere.

    ``objects`` is the environment's map with its places, ``source`` the map of the environment that the TML comes
    from.
    """
    bound, recorded = bound_pairs(rules), recorded_pairs(objects)
    findings = [*paired_twice(recorded), *poisoned(effective_pairs(bound, recorded))]
    findings += _overruled(bound, recorded)
    findings += _dangling(bound, recorded, known_keys(documents, source))
    return findings


def _overruled(bound: Iterable[Pair], recorded: Iterable[Pair]) -> Iterator[Finding]:
    by_source = {pair.source.lower(): pair for pair in recorded}
    for pair in bound:
        other = by_source.get(pair.source.lower())
        if other is not None and other.target.lower() != pair.target.lower():
            message = f"{pair.source} is bound to {pair.target}, but was deployed to {other.target} ({other.location})"
            hint = "if the binding is right, delete the old object in the target; else unbind it"
            yield Finding("TD315", message, pair.location, hint=hint, severity=Severity.WARNING)


def _dangling(bound: Iterable[Pair], recorded: Iterable[Pair], known: set[str]) -> Iterator[Finding]:
    """Pairs of objects that the source does not have, as far as files say."""
    for pair in bound:
        if pair.source.lower() not in known:
            yield dangling(pair)
    for pair in recorded:
        if pair.source.lower() not in known:
            message = f"{pair.source} was deployed, and is no longer in git"
            hint = "if it was deleted on purpose, delete it in the target, too"
            yield Finding("TD314", message, pair.location, hint=hint, severity=Severity.INFO)


def dangling(pair: Pair) -> Finding:
    """The finding for a binding of an object that is neither in git nor in the source's map."""
    message = f"{pair.source} is bound, but it is neither in git nor among the source's objects"
    hint = "delete the line, or export the object"
    return Finding("TD314", message, pair.location, hint=hint, severity=Severity.WARNING)


def known_keys(documents: Iterable[Document], source: ObjectMap) -> set[str]:
    """Every way to name an object that is in git or in the source's map, in lower case."""
    return {name.lower() for name in _names(documents, source)}


def _names(documents: Iterable[Document], source: ObjectMap) -> Iterator[str]:
    for document in documents:
        yield from filter(None, (document.key, document.guid, document.obj_id, f"obj_id:{document.obj_id}"))
        yield document.label
    for record in source:
        yield from filter(None, (record.guid, record.obj_id, f"obj_id:{record.obj_id}"))
        yield f"{record.kind}:{record.name}"


def of_rules(findings: Iterable[Finding], pairs: Iterable[Finding]) -> list[Finding]:
    """The findings of rules, without those at a place where a pair is found wrong already."""
    said = {finding.location for finding in pairs}
    return [finding for finding in findings if finding.location is None or finding.location not in said]
