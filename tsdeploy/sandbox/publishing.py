"""Objects shown in other Orgs: what goes along, what has to be true before, and what stands in the way of the end.

Source: facts about the REST API, section 11 (publish) and the code table; what is validated is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable

from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.parameters import names_in, value_in
from tsdeploy.sandbox.store.objects import StoredObject


def with_dependencies(cluster: Cluster, items: Iterable[StoredObject]) -> dict[str, StoredObject]:
    """Objects and all they stand on, by GUID: a Liveboard is nothing without its Model, Tables and connection."""
    found = {item.guid: item for item in items}
    queue = list(found.values())
    for item in queue:
        for target in cluster.objects.links(item.guid).values():
            used = cluster.objects.get(target)
            if used is not None and used.guid not in found:
                found[used.guid] = used
                queue.append(used)
    return found


def without_values(cluster: Cluster, items: Iterable[StoredObject], org_id: int) -> list[str]:
    """The names of the variables in some objects that mean nothing in an Org."""
    names = {name for item in items for name in names_in(item.text)}
    known = {variable.name: variable for variable in cluster.variables.all()}
    return sorted(name for name in names if name in known and value_in(cluster, known[name], org_id) is None)


def needed_in(cluster: Cluster, guids: Iterable[str], org_id: int) -> dict[str, list[str]]:
    """Of some objects those that cannot go from an Org, each with what needs it there.

    That is what stays: the Org's own objects, those published to it, and what these need in turn.
    """
    going, needed = set(guids), dict[str, list[str]]()
    while True:
        blocking = {}
        for target, sources in cluster.objects.dependents(going).items():
            left = [source for source in sources if source not in going and _is_in(cluster, source, org_id)]
            if left:
                blocking[target] = left
        if not blocking:
            return needed
        needed |= blocking
        going -= set(blocking)


def _is_in(cluster: Cluster, guid: str, org_id: int) -> bool:
    item = cluster.objects.get(guid)
    return item is not None and (item.org_id == org_id or org_id in cluster.publications.of([guid]).get(guid, []))
