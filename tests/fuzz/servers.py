"""A session whose server answers everything with the same bytes, and everything that can be asked of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tsdeploy.config.auth import TokenAuth
from tsdeploy.config.secrets import Secret
from tsdeploy.errors import TsdeployError
from tsdeploy.redact import Redactor
from tsdeploy.rest import (
    collections,
    connections,
    dependents,
    metadata,
    people,
    principals,
    sharing,
    system,
    tags,
    tml_async,
    tml_export,
    tml_import,
    variables,
    warehouse,
)
from tsdeploy.rest.answers import parse_json, read_answer
from tsdeploy.rest.auth import minted_token
from tsdeploy.rest.errors import not_understood, status_error
from tsdeploy.rest.query import SearchQuery
from tsdeploy.rest.results import CurrentUser, ImportPolicy, ObjectRef
from tsdeploy.rest.session import Session
from tsdeploy.rest.transport import Call, Reply

_GUID = "04829e91-0776-4a3a-bf88-a0ce9e745fb4"
_REFS = (ObjectRef(_GUID, "LIVEBOARD"), ObjectRef("b", "LOGICAL_TABLE"))
_CALL = Call("POST", "auth/token/full", {})


class Parrot(Session):
    """Every answer is the same."""

    def __init__(self, body: bytes) -> None:
        super().__init__("http://127.0.0.1:9", TokenAuth(Secret("NONE")))
        self._body = body

    @property
    def is_v1(self) -> bool:
        return False

    @property
    def user(self) -> CurrentUser:
        return CurrentUser("u", "u", "u", 0, "", frozenset())

    def ask(self, call: Call) -> object:
        try:
            return parse_json(self._body)
        except ValueError:
            raise not_understood(call, "not JSON") from None


Question = Callable[[Any], object]
_QUESTIONS: tuple[Question, ...] = (
    lambda session: list(metadata.search_metadata(session, SearchQuery())),
    lambda session: metadata.search_page(session, SearchQuery(), 0, 10),
    lambda session: tml_export.export_tml(session, _REFS),
    lambda session: tml_export.export_feedback(session, ["a"]),
    lambda session: tml_import.import_tml(session, ["a", "b"], ImportPolicy.VALIDATE_ONLY),
    lambda session: tml_import.import_tml(session, ["a", "b"], ImportPolicy.ALL_OR_NONE),
    lambda session: tml_async.start_import(session, ["a"], ImportPolicy.PARTIAL),
    lambda session: tml_async.import_status(session, "t", 2),
    tml_async.active_tasks,
    lambda session: list(collections.search_collections(session)),
    connections.search_connections,
    lambda session: dependents.search_dependents(session, [_GUID]),
    lambda session: people.groups_page(session, 0, 10),
    lambda session: people.users_page(session, 0, 10, None),
    people.search_roles,
    lambda session: sharing.fetch_sharing(session, _REFS),
    lambda session: principals.existing_groups(session, ["a"]),
    lambda session: principals.user_names(session, ["a"]),
    lambda session: sharing.shared_with(session, _REFS),
    system.system_info,
    system.current_user,
    system.search_orgs,
    tags.search_tags,
    tags.tag_names,
    variables.search_variables,
    variables.search_values,
    lambda session: warehouse.search_warehouse(session, "c", [("d", "s", "t")]),
    lambda session: minted_token(_CALL, session.ask(_CALL), asked_at=0.0, redactor=Redactor()),
)


def ask_everything(data: bytes) -> None:
    """Whatever is asked, the answer is understood or refused; and so is the same as the body of an error."""
    with Parrot(data) as session:
        for question in _QUESTIONS:
            try:
                question(session)
            except TsdeployError as error:
                assert error.findings
    redactor = Redactor()
    for status, headers in ((400, {}), (500, {"Retry-After": data[:40].decode("latin-1")}), (302, {"Location": "x"})):
        reply = Reply(status, headers, data)
        assert str(read_answer(reply, redactor)).isprintable()
        status_error(_CALL, reply, redactor)
