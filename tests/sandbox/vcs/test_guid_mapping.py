"""The mapping file of native Git."""

from __future__ import annotations

import json
import uuid

from hypothesis import given
from hypothesis import strategies as st

from tsdeploy.sandbox.vcs.guid_mapping import Entry, GuidMapping, read_mapping, write_mapping

GUIDS = st.uuids().map(str)
ENTRIES = st.builds(
    Entry,
    original=st.text(),
    mapped=st.text(),
    counter=st.integers(0, 100),
    additional=st.dictionaries(st.text(), st.text(), max_size=3),
)

AS_WRITTEN = """[ {
  "originalGuid" : "bbca82eb-3e37-4e70-9910-841b0bc21041",
  "mappedGuid" : "f0d332ba-cc59-4575-98df-42bb5321f2e9",
  "counter" : 0,
  "additionalMapping" : {
    "b970c1df-c46f-4588-914f-2dd77acec6c9" : "4fd925fd-2826-4c75-8416-44f1e22999f3"
  }
}, {
  "originalGuid" : "db: DEVDBNAME",
  "mappedGuid" : "db: PRODDBNAME",
  "counter" : 0,
  "additionalMapping" : { }
} ]"""


def test_a_file_that_thoughtspot_wrote_comes_back_as_it_was() -> None:
    assert write_mapping(read_mapping(AS_WRITTEN)) == AS_WRITTEN


@given(st.lists(ENTRIES, unique_by=lambda entry: entry.original))
def test_what_is_written_is_read_again(entries: list[Entry]) -> None:
    mapping = GuidMapping({entry.original: entry for entry in entries})

    written = write_mapping(mapping)

    assert read_mapping(written) == mapping
    assert len(json.loads(written)) == len(entries)


@given(st.dictionaries(GUIDS, GUIDS), st.lists(GUIDS), st.text(alphabet="ab :\n"))
def test_every_guid_is_replaced_once(pairs: dict[str, str], others: list[str], between: str) -> None:
    mapping = GuidMapping({there: Entry(there, here) for there, here in pairs.items()})
    guids = [*pairs, *others]

    replaced = mapping.applied(f" {between} ".join(guids), "")

    assert replaced == f" {between} ".join(pairs.get(guid, guid) for guid in guids)


def test_the_longest_rule_wins_and_nothing_is_replaced_twice() -> None:
    rules = {"DEV": "PROD", "DEV_2": "STAGE", "PROD": "NEVER"}
    mapping = GuidMapping({there: Entry(there, here) for there, here in rules.items()})

    assert mapping.applied("db: DEV\ndb: DEV_2\n", "") == "db: PROD\ndb: STAGE\n"


def test_additional_rules_hold_for_their_object_alone() -> None:
    guid = str(uuid.uuid4())
    mapping = GuidMapping({guid: Entry(guid, guid, additional={"schema: A": "schema: B"})})

    assert mapping.applied("schema: A", guid) == "schema: B"
    assert mapping.applied("schema: A", str(uuid.uuid4())) == "schema: A"
