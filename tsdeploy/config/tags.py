"""The tags of objects in files, as exports found them: TML has no place for tags."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from tsdeploy.config.project import Project
from tsdeploy.tml.described import Described
from tsdeploy.tml.selector import asks_for_tags


def tags_for(
    selectors: Sequence[str], project: Project, documents: Mapping[str, Described]
) -> dict[str, Collection[str]] | None:
    """The tags of each document by key, for ``select``; None where no selector asks for them or none are recorded.

    Raises ConfigError when an environment or its ``objects.json`` cannot be read.
    """
    by_identity = _by_identity(project) if asks_for_tags(selectors) else {}
    if not by_identity:
        return None
    return {
        key: {tag for identity in (document.guid, document.obj_id) for tag in by_identity.get(identity, ())}
        for key, document in documents.items()
        if document.kind.owned
    }


def _by_identity(project: Project) -> dict[str, tuple[str, ...]]:
    """Tags by GUID and by obj_id, of the environments that TML comes from: others have objects of their own."""
    environments = (project.environment(name) for name in project.environment_names())
    records = (record for one in environments if not one.source for record in project.objects(one) if record.tags)
    return {identity: record.tags for record in records for identity in (record.guid, record.obj_id) if identity}
