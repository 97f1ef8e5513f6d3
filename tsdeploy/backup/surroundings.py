"""What belongs to an Org beside its TML: tags, sharing, variables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

from tsdeploy.backup.manifest import lines_text
from tsdeploy.errors import Finding, RestError, Severity
from tsdeploy.export.parallel import in_order, patiently
from tsdeploy.rest import ApiError, ObjectHeader, ObjectRef, Session, Sharing, fetch_sharing, search_tags
from tsdeploy.rest.sharing import Permission
from tsdeploy.rest.variables import search_values
from tsdeploy.visible import json_text

_CHUNK: Final = 100
_REFUSALS: Final = (400, 403, 404)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read beside TML. ``tags`` and ``variables`` are files, None for what cannot be read."""

    sharing: dict[str, tuple[Permission, ...]]
    tags: str | None
    variables: str | None


@dataclass(slots=True)
class Surroundings:
    """Reads what TML does not hold. What this user may not see, or this release does not have, is a finding."""

    session: Session
    findings: list[Finding] = field(default_factory=list)

    def read(self, headers: Sequence[ObjectHeader]) -> Seen:
        """Tags, variables, and what some objects are shared with; all at a time."""
        with ThreadPoolExecutor(2) as pool:
            tags, variables = pool.submit(self._tags_text), pool.submit(self._variables_text)
            return Seen(self.sharing(headers), tags.result(), variables.result())

    def sharing(self, headers: Sequence[ObjectHeader]) -> dict[str, tuple[Permission, ...]]:
        """GUID → what was granted on each of the objects that are still there."""
        references = [ObjectRef(header.id, header.type or None) for header in headers]
        chunks = [references[at : at + _CHUNK] for at in range(0, len(references), _CHUNK)]
        found = in_order(self._sharing, chunks, self.session.budget.widest)
        return {one.guid: one.permissions for chunk in found for one in chunk}

    def _sharing(self, chunk: list[ObjectRef]) -> list[Sharing]:
        """One object that is gone meanwhile, or may not be looked at, fails the call for all (facts §2)."""
        try:
            return patiently(lambda: fetch_sharing(self.session, chunk))
        except ApiError as error:
            if error.answer.status not in _REFUSALS and error.answer.status < 500:
                raise
            if len(chunk) > 1:
                middle = len(chunk) // 2
                return [*self._sharing(chunk[:middle]), *self._sharing(chunk[middle:])]
            self._note(f"with whom {chunk[0].identifier} is shared", error)
            return []

    def _tags_text(self) -> str | None:
        """The file of tags; None when they cannot be read."""
        try:
            tags = patiently(lambda: search_tags(self.session))
        except ApiError as error:
            self._note("the tags", error)
            return None
        return lines_text({}, "tags", (json_text({"name": tag.name, "color": tag.color}) for tag in tags))

    def _variables_text(self) -> str | None:
        """The file of variables, without the values of sensitive ones; None when they cannot be read."""
        try:
            found = patiently(lambda: search_values(self.session))
        except ApiError as error:
            self._note("the variables", error)
            return None
        return lines_text({}, "variables", (json_text(one) for one in found))

    def _note(self, what: str, error: RestError) -> None:
        message = f"could not read {what}: {error.findings[0].message}"
        hint = "the backup keeps what it had of this; give the user the privilege, if the release has it"
        self.findings.append(Finding("TD532", message, hint=hint, severity=Severity.WARNING))


def sharing_text(sharing: dict[str, tuple[Permission, ...]]) -> str:
    """The file of what is shared; objects that are shared with nobody are not in it."""
    return lines_text({}, "objects", _shared_lines(sharing))


def _shared_lines(sharing: dict[str, tuple[Permission, ...]]) -> Iterator[str]:
    for guid in sorted(sharing):
        if sharing[guid]:
            shares = [{"principal": one.principal, "type": one.type, "access": one.access} for one in sharing[guid]]
            yield json_text({"guid": guid, "shares": shares})


def read_sharing(lines: Sequence[dict[str, Any]]) -> dict[str, tuple[Permission, ...]]:
    """What was shared, from the entries of its file."""
    return {
        str(line["guid"]): tuple(
            Permission(str(one["principal"]), str(one["type"]), str(one["access"])) for one in line["shares"]
        )
        for line in lines
    }
