"""Who has views of a Liveboard, as far as a server tells."""

from __future__ import annotations

import pytest

from tests.rest.server import Canned, Server
from tsdeploy.rest import Session, personal_views


@pytest.mark.parametrize(
    ("details", "known"),
    [
        ({"personalisedViews": [{"id": "v1"}, {"name": "no id"}, None]}, {"g1": ("v1", "")}),
        ({"personalisedViews": []}, {"g1": ()}),
        ({"personalisedViews": None}, {}),
        ({"name": "Sales"}, {}),
        (None, {}),
    ],
)
def test_what_a_server_tells(
    session: Session, server: Server, details: object, known: dict[str, tuple[str, ...]]
) -> None:
    server.answer(Canned([{"metadata_id": "g1", "metadata_detail": details}]))

    assert personal_views(session, ["g1"]) == known
    body = server.requests()[0].body
    assert isinstance(body, dict)
    assert body["metadata"] == [{"type": "LIVEBOARD", "identifier": "g1"}]
    assert body["include_details"] and body["include_personalised_views"]


def test_nothing_is_asked_about_nothing(session: Session, server: Server) -> None:
    assert personal_views(session, []) == {}
    assert not server.seen
