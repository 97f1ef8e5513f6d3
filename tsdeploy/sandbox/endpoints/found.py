"""An object as metadata/search answers it. Source: facts about the REST API, section 5."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Final

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.details import details
from tsdeploy.sandbox.headers import Source, Surroundings, search_header
from tsdeploy.sandbox.kinds import dependents_group, rest_type
from tsdeploy.sandbox.parameters import resolved
from tsdeploy.sandbox.release import has
from tsdeploy.sandbox.store.marks import Mark
from tsdeploy.sandbox.store.objects import Binding, StoredObject
from tsdeploy.sandbox.texts.items import mappings, value
from tsdeploy.sandbox.texts.reading import reread
from tsdeploy.sandbox.web.endpoint import Call
from tsdeploy.tml.kinds import KINDS

_DATA: Final = frozenset(kind.name for kind in KINDS.values() if kind.is_data)


def needs_text(call: Call, item: StoredObject) -> bool:
    """Whether an item of the answer is made from the object's text: details, and the outline of a Liveboard."""
    return item.kind == "liveboard" or call.flag("include_details") or call.flag("include_visualization_headers")


class Page:
    """The objects of one page, with everything that is shown beside them; what they share is read once."""

    def __init__(self, call: Call, items: list[StoredObject]) -> None:
        self._call = call
        self._cluster: Cluster = call.cluster
        self._dependents = self._read_dependents(items) if call.flag("include_dependent_objects") else {}
        shown = [*items, *(found for group in self._dependents.values() for found in group)]
        guids = [item.guid for item in shown]
        self._authors = self._cluster.users.among(item.author_id for item in shown)
        self._tags = self._cluster.tags.of(call.org_id, guids)
        self._marks = self._cluster.marks.of(guids)
        self._published = self._cluster.publications.of(guids)
        self._discoverable = self._cluster.shares.discoverable()
        self._favored = self._cluster.users.favored(guids) if call.flag("include_stats") else {}
        self._steps = self._read_steps({item.guid for item in shown if item.kind in _DATA})
        self._has_obj_ids = has(self._cluster.settings.release, "10.8")
        self._asked = {name: make for name, make in self._parts().items() if call.flag(name)}

    def _parts(self) -> dict[str, Callable[[StoredObject], Any]]:
        """What a search may include, and how it is made."""
        return {
            "include_dependent_objects": self._dependent_objects,
            "include_incomplete_objects": self._incomplete,
            "include_details": self._details,
            "include_headers": self._header,
            "include_visualization_headers": self._vizzes,
            "include_stats": self._stats,
        }

    def item(self, found: StoredObject) -> dict[str, Any]:
        """An item of the answer: every declared key, null where nothing was asked for."""
        parts = {name: make(found) for name, make in self._asked.items()}
        shown: dict[str, Any] = {
            "metadata_id": found.guid,
            "metadata_name": found.name,
            "metadata_type": rest_type(found.kind),
            "metadata_obj_id": found.obj_id or None,
            "dependent_objects": parts.get("include_dependent_objects"),
            "incomplete_objects": parts.get("include_incomplete_objects"),
            "metadata_detail": parts.get("include_details"),
            "metadata_header": parts.get("include_headers", guesses.HEADER_WHEN_EXCLUDED),
            "visualization_headers": parts.get("include_visualization_headers"),
            "stats": parts.get("include_stats"),
        }
        if not self._has_obj_ids:
            del shown["metadata_obj_id"]
        return shown

    def _incomplete(self, found: StoredObject) -> list[dict[str, Any]]:
        """What is unfinished of an object; that is the object itself, as far as a sandbox knows."""
        is_incomplete = Mark.INCOMPLETE in self._marks.get(found.guid, frozenset())
        return [{"id": found.guid, "name": found.name}] if is_incomplete else []

    def _details(self, found: StoredObject) -> dict[str, Any]:
        shown = details(self._cluster, found)
        if self._call.flag("include_personalised_views") and found.kind == "liveboard":
            shown = {**shown, guesses.PERSONAL_VIEWS_KEY: _views(found)}
        if self._call.flag("show_resolved_parameters"):
            shown = resolved(self._cluster, shown, self._call.org_id)
        return shown

    def _stats(self, found: StoredObject) -> dict[str, int]:
        """Nobody looks at a sandbox: no views."""
        return {"views": 0, "favorites": self._favored.get(found.guid, 0), "last_accessed": found.modified}

    def _header(self, found: StoredObject) -> dict[str, Any]:
        around = Surroundings(
            author=self._authors.get(found.author_id),
            tags=self._tags.get(found.guid, ()),
            source=self._source_of(found.guid) if found.kind in _DATA else Source(),
            published_to=self._published.get(found.guid, ()),
            discoverable=found.guid in self._discoverable,
            marks=self._marks.get(found.guid, frozenset()),
        )
        header = search_header(found, around)
        if not self._has_obj_ids:
            del header["objId"]
        return header

    def _vizzes(self, found: StoredObject) -> list[dict[str, Any]]:
        """The headers of a Liveboard's visualizations, which it owns."""
        version = self._call.text("liveboard_response_version")
        mine = self._header(found)
        return [
            {
                **{key: mine[key] for key in guesses.VISUALIZATION_HEADER_KEYS},
                "id": value(viz, "viz_guid"),
                "name": value(viz, "answer", "name"),
                "description": value(viz, "answer", "description"),
                "owner": found.guid,
                "vizType": guesses.viz_type(viz),
                **guesses.in_liveboard_response(version, value(viz, "id")),
            }
            for viz in mappings(reread(found.text).body, "visualizations")
        ]

    def _source_of(self, guid: str) -> Source:
        """Where the data of an object comes from, through Models and Views, down to the tables of a connection."""
        queue, sources = [guid], list[Source]()
        for each in queue:
            source, beyond = self._steps[each]
            sources.append(source)
            queue += [target for target in beyond if target not in queue]
        return Source(
            connection=next((source.connection for source in sources if source.connection), ""),
            databases=frozenset().union(*(source.databases for source in sources)),
            schemas=frozenset().union(*(source.schemas for source in sources)),
        )

    def _read_steps(self, guids: Collection[str]) -> dict[str, tuple[Source, list[str]]]:
        """What each object says of its source, and where it leads on to: nowhere from where a connection is."""
        objects, steps, todo = self._cluster.objects, dict[str, tuple[Source, list[str]]](), set(guids)
        while todo:
            bindings, links = objects.bindings(todo), objects.links_of(todo)
            targets = objects.titles({target for found in links.values() for target in found})
            for guid in todo:
                found = [(target, *targets[target]) for target in links.get(guid, ()) if target in targets]
                connection = next((name for _, kind, name in found if kind == "connection"), "")
                beyond = [] if connection else [target for target, kind, _ in found if kind in _DATA]
                steps[guid] = Source(connection, *_stripes(bindings.get(guid))), beyond
            todo = {target for guid in todo for target in steps[guid][1] if target not in steps}
        return steps

    def _read_dependents(self, items: list[StoredObject]) -> dict[str, list[StoredObject]]:
        sources = self._cluster.objects.dependents(item.guid for item in items)
        known = self._cluster.objects.among(guid for found in sources.values() for guid in found)
        return {target: [known[guid] for guid in found if guid in known] for target, found in sources.items()}

    def _dependent_objects(self, found: StoredObject) -> dict[str, Any] | None:
        if found.kind == "connection":
            return None
        call, grouped = self._call, dict[str, list[dict[str, Any]]]()
        everything = self._dependents.get(found.guid, [])
        visible = [item for item in everything if call.access.may_read(item)]
        for dependent in visible:
            header = {**self._header(dependent), "type": None}
            grouped.setdefault(dependents_group(dependent.kind), []).append(header)
        limit = call.number("dependent_objects_record_size")
        shown = {key: headers[:limit] for key, headers in grouped.items()} if limit and limit > 0 else grouped
        if call.text("dependent_object_version") == "V2":
            return {
                "dependents": {found.guid: shown},
                "hasInaccessibleDependents": len(visible) < len(everything),
                "areInaccessibleDependentsReturned": False,
            }
        return {found.guid: shown}


def _stripes(binding: Binding | None) -> tuple[frozenset[str], frozenset[str]]:
    if binding is None:
        return frozenset(), frozenset()
    return frozenset({binding.db} - {""}), frozenset({binding.schema} - {""})


def _views(item: StoredObject) -> list[dict[str, str]]:
    """The saved views of a Liveboard."""
    return [
        {"id": value(view, "view_guid"), "name": value(view, "name"), "author": value(view, "author", "username")}
        for view in mappings(reread(item.text).body, "views")
    ]
