"""TML is kept as the server writes it, whoever wrote it."""

from __future__ import annotations

import json
import re

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sandbox import tml
from tests.sandbox.client import Client, message, status
from tsdeploy.sandbox.texts.outline import liveboard_outline
from tsdeploy.sandbox.texts.reading import read
from tsdeploy.tml.syntax import parse, to_plain


def kept(text: str) -> str:
    """The text as it is kept."""
    return read(text, "imported").text


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("connection:\n    name:   C\n    type: T\n", "connection:\n  name: C\n  type: T\n"),
        ("# mine\nconnection:\n  name: C # this\n  type: T\n", "connection:\n  name: C\n  type: T\n"),
        ("---\nconnection: {name: C, type: T}\n", "connection:\n  name: C\n  type: T\n"),
        ("connection:\n  type: T\n  name: C\n", "connection:\n  name: C\n  type: T\n"),
        ("connection:\n  name: 'C'\n  type: \"T\"\n", "connection:\n  name: C\n  type: T\n"),
        ("connection:\n  name: C\n  description:\n  type: ~\n", "connection:\n  name: C\n"),
        (
            "connection:\n  name: C\n  properties:\n    - key: a\n      value: '1'\n",
            'connection:\n  name: C\n  properties:\n  - key: a\n    value: "1"\n',
        ),
        ("connection:\n  name: C\n  extra:\n  - []\n  - {}\n", "connection:\n  name: C\n  extra:\n  - []\n  - {}\n"),
        ("connection:\n  name: C\n  on: yes\n", 'connection:\n  name: C\n  "on": "yes"\n'),
        ('model:\n  name: C\n  on: "yes"\n', "model:\n  name: C\n  'on': 'yes'\n"),
        ("connection:\n  name: >-\n    two\n    lines\n", "connection:\n  name: two lines\n"),
    ],
)
def test_people_write_and_the_server_rewrites(written: str, wanted: str) -> None:
    assert kept(written) == wanted


def test_a_file_in_another_order_with_comments_is_unchanged(estate: Client) -> None:
    shuffled = "# by hand\nmodel:\n" + "".join(re.findall(r"(?ms)^  columns:.*\Z", tml.model()))
    shuffled += "  model_tables:\n  - name: ORDERS # the orders\n  name: Sales\n" + f"guid: {tml.M1}\n"

    (item,) = estate.items(shuffled)

    assert status(item) == "OK", message(item)
    assert item["response"]["diff"] == {}
    assert estate.edoc(tml.M1) == tml.model()


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=30)
VALUES = st.recursive(
    TEXTS | st.booleans() | st.integers(-(10**9), 10**9),
    lambda inner: st.lists(inner, min_size=1, max_size=3) | st.dictionaries(TEXTS, inner, min_size=1, max_size=3),
    max_leaves=12,
)


@settings(deadline=None)
@given(extra=VALUES, root=st.sampled_from(["connection", "model"]))
def test_whatever_is_sent_as_json_is_kept_with_the_same_content(extra: object, root: str) -> None:
    sent = json.dumps({root: {"name": "x", "extra": extra}}, ensure_ascii=False)

    text = kept(sent)

    assert to_plain(parse(text, "kept")) == to_plain(parse(sent, "sent"))
    assert kept(text) == text


def test_numbers_and_booleans_keep_their_type() -> None:
    text = kept(
        json.dumps({"connection": {"name": "x", "a": 1, "b": 1.5, "c": True, "d": "1", "e": "true", "f": None}})
    )

    loaded = yaml.safe_load(text)["connection"]
    assert loaded == {"name": "x", "a": 1, "b": 1.5, "c": True, "d": "1", "e": "true"}


def test_the_outline_of_a_liveboard_is_that_of_its_tree() -> None:
    note = "  - id: Viz_3\n    note_tile:\n      html_parsed_string: |-\n        a\n\n        - b\n"
    text = kept(tml.liveboard(vizzes=(("Viz_1", "[A]", ""), ("Viz_2", "[B]", "")), tail=note + tml.layout("Viz_1")))

    outline = liveboard_outline(text)

    assert (outline.containers, outline.has_tabs, outline.has_mandatory_filter) == (3, False, False)
    empty = liveboard_outline(tml.liveboard(vizzes=()))
    assert (empty.containers, empty.has_tabs) == (0, False)
