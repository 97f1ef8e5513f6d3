"""Reads ``mapping.yaml`` and what it includes; every fault with its place, all at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from tsdeploy.config.secrets import sign_in_variables
from tsdeploy.config.yaml_file import ConfigFile, load_config, load_schema, read_text
from tsdeploy.errors import ConfigError, Finding
from tsdeploy.mapping.doubles import doubled
from tsdeploy.mapping.model import Mapping, Rule
from tsdeploy.mapping.names import NameRules
from tsdeploy.mapping.sections import Sections

_NAMED = ("connections", "groups", "users", "hosts")
_LISTED = ("tables", "columns", "properties", "text")
_SETTINGS = ("source", "identity", "pin_names", "manage_connections")


def load_mapping(path: Path, shown: str) -> Mapping:
    """Read the rules; none when there is no file.

    Files can be included from the project, which is the nearest folder above with ``environments/``. A rule of the
    including file replaces an included one about the same.

    Raises ConfigError with all that is wrong: TD302, TD303, TD305 (unset variable), TD308 (two rules about the same),
    TD309 (two objects bound to one), TD330 (a file that cannot be included), TD010, TD012 and TD013 (selectors).
    """
    if not path.exists():
        return Mapping(file=shown)
    reader = _Reader(_project_of(path.resolve()))
    mapping = reader.read(path, shown, ())
    findings = tuple(dict.fromkeys((*reader.findings, *doubled(mapping))))
    ConfigError.raise_for(findings)
    return mapping


def mapping_files(path: Path) -> tuple[Path, ...]:
    """A mapping and the files that it includes, resolved. What is wrong with them is for ``load_mapping`` to say."""
    reader = _Reader(_project_of(path.resolve()))
    reader.read(path, path.name, ())
    return tuple(reader.read_files())


def _project_of(path: Path) -> Path:
    return next((folder for folder in path.parents if (folder / "environments").is_dir()), path.parent)


class _Reader:
    """One reading: what was read already, and what was found wrong."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._hidden = _signing_in(root)
        self._read: dict[Path, Mapping] = {}
        self.findings: list[Finding] = []

    def read(self, path: Path, shown: str, above: tuple[Path, ...]) -> Mapping:
        """The rules of a file over those that it includes. ``above`` are the files that include it."""
        here = path.resolve()
        if here in self._read:
            return self._read[here]
        try:
            file = load_config(path, load_schema("tsdeploy.mapping", "mapping"), what="mapping file", shown=shown)
        except ConfigError as error:
            self.findings += error.findings
            return Mapping(file=shown)
        if above:
            self.findings += _settings_of(file)
        rules = _own(file, Sections(file, self.findings, self._hidden))
        self.findings += doubled(rules)
        for number, name in reversed(list(enumerate(file.value.get("include", ())))):
            rules = _over(rules, self._included(file, number, name, (*above, here)))
        self._read[here] = rules
        return rules

    def read_files(self) -> Iterator[Path]:
        """The files that could be read."""
        yield from self._read

    def _included(self, file: ConfigFile, number: int, name: str, above: tuple[Path, ...]) -> Mapping:
        path = file.path.parent / name
        here, is_there = _looked_for(path)
        trouble = ""
        if not here.is_relative_to(self._root):
            trouble = f"{name} lies outside of the project"
        elif here in above:
            trouble = f"{name} would include itself"
        elif not is_there:
            trouble = f"there is no file {name}"
        if not trouble:
            return self.read(path, here.relative_to(self._root).as_posix(), above)
        hint = "paths of included files are relative to the file that includes them"
        where = file.at("include", number)
        self.findings.append(Finding("TD330", trouble, where, at=f"include[{number}]", hint=hint))
        return Mapping()


def _signing_in(root: Path) -> frozenset[str]:
    """The variables that the project's environments sign in with. What cannot be read is said by who reads it."""
    found: set[str] = set()
    for path in root.glob("environments/*/environment.yaml"):
        with suppress(ConfigError):
            found |= sign_in_variables(read_text(path, what="environment file", shown=path.name))
    return frozenset(found)


def _looked_for(path: Path) -> tuple[Path, bool]:
    """Where a path leads, and whether a file is there; for one that no system takes, there is none."""
    try:
        return path.resolve(), path.is_file()
    except (OSError, ValueError):
        return path.absolute(), False


def _settings_of(file: ConfigFile) -> Iterator[Finding]:
    """An included file serves several environments: what is said of one of them does not belong there."""
    for key in _SETTINGS:
        if key in file.value:
            hint = "write it into the mapping.yaml of the environment"
            yield Finding("TD330", f"{key} cannot stand in an included file", file.key_at(key), at=key, hint=hint)


def _own(file: ConfigFile, sections: Sections) -> Mapping:
    value: dict[str, Any] = file.value
    return Mapping(
        file=file.shown,
        source_location=file.at("source") if "source" in value else None,
        connections=sections.names("connections"),
        tables=sections.tables(),
        objects=sections.objects(),
        groups=sections.names("groups"),
        users=sections.names("users"),
        columns=sections.columns(),
        properties=sections.properties(),
        hosts=sections.names("hosts"),
        text=sections.text(),
        **{key: value[key] for key in _SETTINGS if key in value},
    )


def _over(upper: Mapping, lower: Mapping) -> Mapping:
    """The rules of both; where they speak about the same, the upper's."""
    merged: dict[str, Any] = {name: _merged(getattr(upper, name), getattr(lower, name)) for name in _LISTED}
    merged |= {name: NameRules(_merged(getattr(upper, name), getattr(lower, name))) for name in _NAMED}
    return replace(upper, objects={**lower.objects, **upper.objects}, **merged)


def _merged(upper: Iterable[Rule], lower: Iterable[Rule]) -> tuple[Any, ...]:
    own = tuple(upper)
    said = {rule.subject for rule in own}
    return (*(rule for rule in lower if rule.subject not in said), *own)
