"""Sending TML, and matching what comes back."""

from __future__ import annotations

import pytest

from tests.rest.server import Canned, Reset, Server
from tsdeploy.rest import (
    AnswerError,
    ImportItem,
    ImportPolicy,
    Session,
    Status,
    UnknownOutcomeError,
    import_tml,
)

HEADER = {
    "id_guid": "acf6",
    "name": "Payroll",
    "metadata_type": "LOGICAL_TABLE",
    "objId": "Payroll-acf6",
}
NOTICE = "Warning: Existing guid acf62370-1 corresponding to object Id Payroll-acf62370 will be used."


def item(index: int | None, code: str = "OK", message: str = "") -> dict[str, object]:
    status = {"status_code": code} | ({"error_message": message} if message else {})
    return ({} if index is None else {"request_index": index}) | {"response": {"status": status}}


def imported(
    session: Session,
    server: Server,
    answer: object,
    *,
    count: int = 1,
    policy: ImportPolicy = ImportPolicy.ALL_OR_NONE,
) -> list[ImportItem]:
    server.answer(Canned(answer))
    return import_tml(session, [f"guid: {n}" for n in range(count)], policy)


def test_success(session: Session, server: Server) -> None:
    answer = [{"request_index": 0, "response": {"status": {"status_code": "OK"}, "header": HEADER}}]
    assert imported(session, server, answer) == [
        ImportItem(0, Status.OK, None, "", "acf6", "Payroll", "LOGICAL_TABLE", "Payroll-acf6")
    ]


def test_request_as_it_is_sent(session: Session, server: Server) -> None:
    server.answer(Canned([item(0)]), Canned([item(0)]))
    import_tml(session, ["a"], ImportPolicy.PARTIAL)
    import_tml(session, ["a"], ImportPolicy.VALIDATE_ONLY, create_new=True, skip_diff_check=True, keep_views=True)
    plain = {
        "metadata_tmls": ["a"],
        "import_policy": "PARTIAL",
        "create_new": False,
        "skip_diff_check": False,
        "enable_personalized_view_upsert": False,
    }
    full = {
        "metadata_tmls": ["a"],
        "import_policy": "VALIDATE_ONLY",
        "create_new": True,
        "skip_diff_check": True,
        "enable_personalized_view_upsert": True,
    }
    assert [seen.body for seen in server.requests()] == [plain, full]


def test_import_nothing_asks_nothing(session: Session, server: Server) -> None:
    assert import_tml(session, [], ImportPolicy.PARTIAL) == []
    assert not server.seen


def test_error_with_code_and_markup(session: Session, server: Server) -> None:
    status = {"status_code": "ERROR", "error_code": 14544, "error_message": "<b>X</b>: deleted<br/>"}
    answer = [{"request_index": 0, "response": {"status": status}}]
    assert imported(session, server, answer) == [ImportItem(0, Status.ERROR, 14544, "<b>X</b>: deleted<br/>")]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({"object": [{"request_index": 0, "response": {"header": HEADER}}]}, id="envelope"),
        pytest.param([{"response": {"object": [{"header": HEADER}]}}], id="nested object"),
        pytest.param([{"object_id": "acf6", "name": "Payroll", "status": {"status_code": "OK"}}], id="flat"),
        pytest.param([{"response": {"status": None, "header": HEADER}}], id="no status"),
    ],
)
def test_shapes_of_other_builds(session: Session, server: Server, answer: object) -> None:
    result = imported(session, server, answer)[0]
    assert (result.status, result.guid, result.name) == (Status.OK, "acf6", "Payroll")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({}, Status.OK),
        ({"status_code": "OK"}, Status.OK),
        ({"status_code": "WARNING"}, Status.WARNING),
        ({"status_code": "ERROR"}, Status.ERROR),
        ({"status_code": "SKIPPED"}, Status.ERROR),
        ({"status_code": "ABSENT"}, Status.ERROR),
        ({"error_message": "?"}, Status.ERROR),
    ],
)
def test_status(session: Session, server: Server, status: object, expected: Status) -> None:
    assert imported(session, server, [{"response": {"status": status}}])[0].status is expected


def test_status_in_info_of_old_builds(session: Session, server: Server) -> None:
    assert imported(session, server, [{"info": {"status": {"status_code": "ERROR"}}}])[0].status is Status.ERROR


def test_results_are_matched_by_index_not_position(session: Session, server: Server) -> None:
    answer = [item(2, "ERROR", "c"), item(0, "OK"), item(1, "WARNING", "b")]
    results = imported(session, server, answer, count=3)
    assert [(result.request_index, result.message) for result in results] == [(0, ""), (1, "b"), (2, "c")]


def test_document_without_a_result_is_absent(session: Session, server: Server) -> None:
    results = imported(session, server, [item(2), item(0)], count=3)
    assert [result.status for result in results] == [Status.OK, Status.ABSENT, Status.OK]


def test_position_counts_only_where_no_item_has_an_index(session: Session, server: Server) -> None:
    results = imported(session, server, [item(None), item(None, "ERROR", "b")], count=2)
    assert [(result.request_index, result.status) for result in results] == [
        (0, Status.OK),
        (1, Status.ERROR),
    ]


UNMATCHABLE = [
    pytest.param([item(0), item(0)], id="index twice"),
    pytest.param([item(0), item(2)], id="index beyond the last"),
    pytest.param([item(-1), item(0)], id="index below zero"),
    pytest.param([item(0), item(None)], id="index missing in one"),
    pytest.param([item(None)], id="no index and too few"),
    pytest.param([item(None)] * 3, id="no index and too many"),
    pytest.param({"what": "ever"}, id="no list"),
    pytest.param(None, id="null"),
    pytest.param([1, 2], id="no objects"),
    pytest.param(b"", id="nothing"),
    pytest.param(b"<html>", id="a page"),
]


@pytest.mark.parametrize("answer", UNMATCHABLE)
def test_unmatchable_answer_to_a_write_leaves_its_outcome_unknown(
    session: Session, server: Server, answer: object
) -> None:
    with pytest.raises(UnknownOutcomeError, match="TD409: POST metadata/tml/import"):
        imported(session, server, answer, count=2)


@pytest.mark.parametrize("answer", UNMATCHABLE)
def test_unmatchable_answer_to_a_validation(session: Session, server: Server, answer: object) -> None:
    with pytest.raises(AnswerError, match="TD410: POST metadata/tml/import"):
        imported(session, server, answer, count=2, policy=ImportPolicy.VALIDATE_ONLY)


@pytest.mark.parametrize("policy", [ImportPolicy.ALL_OR_NONE, ImportPolicy.PARTIAL, ImportPolicy.PARTIAL_OBJECT])
def test_import_is_sent_exactly_once(session: Session, server: Server, policy: ImportPolicy) -> None:
    server.answer(Reset(), Canned([item(0)]))
    with pytest.raises(UnknownOutcomeError):
        import_tml(session, ["a"], policy)
    assert len(server.requests()) == 1


def test_validation_may_be_sent_again(session: Session, server: Server) -> None:
    server.answer(Reset(), Canned([item(0)]))
    assert import_tml(session, ["a"], ImportPolicy.VALIDATE_ONLY)[0].status is Status.OK


@pytest.mark.parametrize(
    ("message", "harmless"),
    [
        (NOTICE, True),
        (f" {NOTICE} ", True),
        (f"<br/><br/>{NOTICE}<br/>", True),
        (f"<ul><li>{NOTICE}</li><li>{NOTICE}</li></ul>&nbsp;", True),
        (f"Deleted columns have dependents.<br/><br/>{NOTICE}", False),
        (f"{NOTICE} But something is wrong.", False),
        (NOTICE.replace("will be used", "will not be used"), False),
        ("Warning: something else", False),
        ("<br/>", False),
        ("", False),
    ],
)
def test_notice_is_harmless_only_when_it_is_all(session: Session, server: Server, message: str, harmless: bool) -> None:
    assert imported(session, server, [item(0, "WARNING", message)])[0].notice_only is harmless


def test_message_is_safe_to_show(session: Session, server: Server) -> None:
    message = imported(session, server, [item(0, "ERROR", "a\x1b[1m minted-token-1 \n" + "x" * 30_000)])[0].message
    assert message.startswith(r"a\x1b[1m [redacted] xx")
    assert len(message) == 20_000
