"""The two mapping files of an environment, read for an edit and written again."""

from __future__ import annotations

from dataclasses import dataclass

from tsdeploy.config.environment import Environment
from tsdeploy.config.objects import ObjectMap, ObjectRecord, load_objects, save_objects
from tsdeploy.config.project import Project
from tsdeploy.config.yaml_file import ConfigFile, load_config, load_schema, read_text
from tsdeploy.errors import Finding
from tsdeploy.files import write_atomically
from tsdeploy.mapping.edit import EMPTY, Addition, missing, with_addition
from tsdeploy.mapping.model import Mapping as Rules
from tsdeploy.mapping.pairs import Pair
from tsdeploy.tml.document import Document
from tsdeploy.tml.folder import load_folder


@dataclass(frozen=True, slots=True)
class MappingFiles:
    """``mapping.yaml`` and ``objects.json`` of one environment. ``shown`` and ``objects_shown`` are for messages."""

    environment: Environment
    shown: str
    objects_shown: str

    def text(self) -> str:
        """The rules as they are written; of a file without rules where there is none."""
        if not self.environment.mapping_path.exists():
            return EMPTY
        return read_text(self.environment.mapping_path, what="mapping file", shown=self.shown)

    def write_text(self, text: str) -> bool:
        """Replace the rules atomically; whether anything changed."""
        return write_atomically(self.environment.mapping_path, text.encode("utf-8"))

    def rules_file(self) -> ConfigFile | None:
        """The rules with their places; None where there is no file. Raises ConfigError TD302 or TD303."""
        path = self.environment.mapping_path
        if not path.exists():
            return None
        schema = load_schema("tsdeploy.mapping", "mapping")
        return load_config(path, schema, what="mapping file", shown=self.shown)

    def objects_file(self) -> ConfigFile | None:
        """The map with its places; None where there is no file. Raises ConfigError TD302 or TD303."""
        path = self.environment.objects_path
        if not path.exists():
            return None
        return load_config(path, load_schema("tsdeploy.config", "objects"), what="object map", shown=self.objects_shown)

    def objects(self) -> ObjectMap:
        """The map. Raises ConfigError TD302 or TD303."""
        return load_objects(self.environment.objects_path, self.objects_shown)

    def lacks(self, wanted: Addition) -> tuple[Addition, list[Finding]]:
        """What of an addition is not there yet, and what contradicts what is there."""
        return missing(self.text(), wanted, self.shown)

    def add(self, addition: Addition, records: tuple[ObjectRecord, ...] = ()) -> None:
        """Write rules and records. Raises ConfigError TD311 when the rules cannot be edited safely."""
        if addition:
            self.write_text(with_addition(self.text(), addition, self.shown))
        if records:
            save_objects(self.environment.objects_path, self.objects().with_records(records))


def files_of(project: Project, environment: Environment) -> MappingFiles:
    """The mapping files of an environment."""
    return MappingFiles(environment, *map(project.shown, (environment.mapping_path, environment.objects_path)))


def documents_of(project: Project) -> tuple[Document, ...]:
    """What can be read of the project's TML; what cannot is a check's to say."""
    return load_folder(project.tml, shown=project.shown(project.tml)).documents


def source_objects(project: Project, environment: Environment) -> ObjectMap:
    """The map of the environment that the TML comes from; an empty one where there is none."""
    return project.objects(project.environment(environment.source)) if environment.source else ObjectMap()


def recorded_pairs(file: ConfigFile | None) -> list[Pair]:
    """The pairs of an object map, each with its place."""
    found = []
    for number, record in enumerate(file.value["objects"] if file else ()):
        assert file is not None
        if record.get("source") and (record.get("guid") or record.get("obj_id")):
            target = record.get("guid") or record["obj_id"]
            found.append(Pair(record["source"], target, file.at("objects", number, "source")))
    return found


def bound_pairs(rules: Rules) -> list[Pair]:
    """The pairs that are bound by hand."""
    return [Pair(rule.source, rule.target, rule.location) for rule in rules.objects.values()]


def effective_pairs(bound: list[Pair], recorded: list[Pair]) -> list[Pair]:
    """All pairs that hold: what is bound by hand replaces what is recorded."""
    by_hand = {pair.source.lower() for pair in bound}
    return [*bound, *(pair for pair in recorded if pair.source.lower() not in by_hand)]
