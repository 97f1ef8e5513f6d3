"""The GUIDs that a server says its objects have got: no object gets one that is another's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from tsdeploy.config.objects import ObjectMap
from tsdeploy.deploy.record import Sent
from tsdeploy.errors import Finding, Location
from tsdeploy.tml.kinds import can_become
from tsdeploy.tml.references import is_guid
from tsdeploy.transform.inputs import Rendered


def owners_of(objects: ObjectMap, rendered: Iterable[Rendered]) -> dict[str, str]:
    """GUID in small letters → the key of the object that it is recorded for, or that was sent with it."""
    owners = {item.target.guid.lower(): item.key for item in rendered if item.target.guid}
    return owners | {guid.lower(): record.source for guid, record in objects.guids().items() if record.source}


def is_own(guid: str, owners: Mapping[str, str], *, key: str, sent: str) -> bool:
    """Whether a GUID can be that of the object with this key: the one that was sent, or one that nobody else has."""
    return guid.lower() == sent.lower() or (is_guid(guid) and owners.get(guid.lower(), key) == key)


def foreign_guids(rendered: Sequence[Rendered], answered: Sequence[str], owners: Mapping[str, str]) -> list[str]:
    """Of each object the GUID that an answer gives it and that cannot be its own; "" where that is in order.

    The same GUID for two objects is neither's, unless it is the one that was sent.
    """
    times = Counter(guid.lower() for guid in answered)
    known = {**owners, **dict.fromkeys((guid for guid, number in times.items() if number > 1), "")}
    return [
        "" if not item.source.kind.owned or is_own(guid, known, key=item.key, sent=item.target.guid) else guid
        for item, guid in zip(rendered, answered, strict=True)
    ]


def is_another(sent: Sent) -> bool:
    """Whether the GUID that the server chose, and not the one that was sent, leads to something else, or to nothing.

    Where it was the server's to choose, what is not to be seen may only be slow to appear.
    """
    target, source = sent.rendered.target, sent.rendered.source
    if sent.guid.lower() == target.guid.lower() or not source.kind.rest_type or not source.kind.owned:
        return False
    if sent.live is None:
        return bool(target.guid)
    there, wanted = sent.live.document, sent.rendered.document()
    return there.name != wanted.name or not can_become(there.kind.name, wanted.kind.name)


def not_its_own(item: Rendered, guid: str, environment: str) -> Finding:
    """The finding TD634 for an answer that is not believed."""
    message = f"{environment} gave {item.source.label} the GUID {guid}, which is not its own; that is not recorded"
    hint = "look at the object in the browser, and plan again"
    return Finding("TD634", message, Location(item.source.path, 1, 1), hint=hint)
