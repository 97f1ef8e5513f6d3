"""Each format as its own tool writes it: read, refused where it must be, and written again."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsdeploy.errors import ConfigError
from tsdeploy.mapping.foreign import cs_tools, guid_mapper, native, parent_child
from tsdeploy.mapping.foreign.model import Foreign, GuidPair, Move, Replacement
from tsdeploy.mapping.foreign.tolerant import without_trailing_commas
from tsdeploy.mapping.locations import TableLocation

A, B, C, D = (f"{digit * 8}-1111-4111-8111-111111111111" for digit in "abcd")
SHOWN = "their.json"

CS_TOOLS = f"""\
{{
  "metadata": {{
    "cs_tools": {{
      "extract_environment": "dev"
    }}
  }},
  "mapping": {{
    "{A}": "{B}",
    "{C}": null
  }},
  "additional_mapping": {{
    "DEV_DB": "PROD_DB",
    "schema: DEV": "schema: ${{{{ env.PROD_SCHEMA }}}}"
  }},
  "history": [
    {{
      "by": "cs_tools/1.7.0/scriptability/deploy",
      "at": "2026-08-12T03:11:02.000000+00:00",
      "mode": "IMPORT",
      "status": "WARNING",
      "info": {{
        "files_expected": 2
      }}
    }}
  ]
}}
"""

NATIVE = f"""\
[ {{
  "originalGuid" : "{A}",
  "mappedGuid" : "{B}",
  "counter" : 3,
  "additionalMapping" : {{
    "{C}" : "{D}",
    "dev.example.com" : "prod.example.com"
  }}
}}, {{
  "originalGuid" : "{B}",
  "mappedGuid" : "{B}",
  "counter" : 0,
  "additionalMapping" : {{ }}
}}, {{
  "originalGuid" : "db: DEVDBNAME",
  "mappedGuid" : "db: PRODDBNAME",
  "counter" : 0,
  "additionalMapping" : {{ }}
}} ]
"""

MAPPER = f"""\
{{
    "__INFO_for_comments_only": {{
        "written_by": "release 42"
    }},
    "{A}__{D}__{B}": {{
        "DEV": "{A}",
        "TEST": "{D}",
        "PROD": "{B}"
    }},
    "{C}": {{
        "DEV": "{C}"
    }}
}}
"""

PARENT_CHILD = f"""\
{{
    "test": {{
        "{A}": "{D}"
    }},
    "prod": {{
        "{A}": "{B}"
    }}
}}
"""

TOML = """\
env_name = "prod"

[table_properties_map]
"Dev Snowflake.NEWRETAIL.RETAIL" = "Prod Snowflake.RETAIL.PUBLIC"
"Dev Snowflake.SALES.PUBLIC" = "Prod Snowflake.SALES.PUBLIC"
"""


def pairs(foreign: Foreign) -> list[tuple[str, str]]:
    return [(pair.source, pair.target) for pair in foreign.pairs]


def trailing(text: str) -> str:
    """The file with a comma behind the last of everything, as documentation writes it."""
    return text.replace("null\n", "null,\n").replace("]\n}", "],\n}").replace("} ]", "}, ]")


def test_cs_tools_null_is_no_mapping_and_variables_are_ours() -> None:
    found = cs_tools.read(trailing(CS_TOOLS), SHOWN)
    assert (pairs(found), found.unmapped, found.source, found.findings) == ([(A, B)], (C,), "dev", ())
    assert [(one.find, one.to) for one in found.replacements] == [
        ("DEV_DB", "PROD_DB"),
        ("schema: DEV", "schema: ${env:PROD_SCHEMA}"),
    ]
    assert str(found.pairs[0].location) == f"{SHOWN}:8:5"


def test_cs_tools_file_comes_back_as_it_was() -> None:
    text, findings = cs_tools.write(cs_tools.read(CS_TOOLS, SHOWN), CS_TOOLS, SHOWN)
    assert (text, findings) == (CS_TOOLS, [])


def test_cs_tools_writes_no_key_that_cs_tools_refuses() -> None:
    text, _ = cs_tools.write(Foreign((GuidPair(A, B),), source="dev"), "", SHOWN)
    assert list(json.loads(text)) == ["metadata", "mapping", "additional_mapping", "history"]
    assert json.loads(text)["metadata"]["cs_tools"]["extract_environment"] == "dev"


@pytest.mark.parametrize("old", ["{}", "[]", f'{{"{A}": "{B}"}}', '"text"', "3"])
def test_files_of_old_cs_tools_are_refused_with_the_way_out(old: str) -> None:
    with pytest.raises(ConfigError, match="TD319") as caught:
        cs_tools.read(old, SHOWN)
    assert "export all TML again" in caught.value.findings[0].hint


def test_cs_tools_expands_only_the_first_variable_of_a_value() -> None:
    text = '{"mapping": {}, "additional_mapping": {"a": "${{ env.X }}.${{ env.Y }}"}}'
    found = cs_tools.read(text, SHOWN)
    assert found.replacements[0].to == "${env:X}.${{ env.Y }}"
    assert [(one.code, one.severity.value) for one in found.findings] == [("TD320", "warning")]


def test_cs_tools_has_no_place_for_inner_guids_and_rules_of_one_object() -> None:
    made = Foreign((GuidPair(A, B, inner={C: D}),), (Replacement("x", "y", owner=A),), source="dev")
    text, findings = cs_tools.write(made, "", SHOWN)
    assert [(one.code, one.severity.value) for one in findings] == [("TD320", "warning"), ("TD320", "error")]
    assert json.loads(text)["additional_mapping"] == {}


def test_native_tells_inner_guids_from_text_of_one_object_and_leaves_identities_alone() -> None:
    found = native.read(trailing(NATIVE), SHOWN)
    assert pairs(found) == [(A, B)]
    assert found.pairs[0].inner == {C: D}
    assert [(one.find, one.owner) for one in found.replacements] == [("dev.example.com", A), ("db: DEVDBNAME", "")]
    assert found.findings == ()


def test_native_file_comes_back_byte_for_byte_with_its_counters() -> None:
    assert native.write(native.read(NATIVE, SHOWN), NATIVE, SHOWN) == (NATIVE, [])


def test_native_refuses_a_guid_paired_with_text() -> None:
    text = f'[{{"originalGuid": "{A}", "mappedGuid": "{B}", "additionalMapping": {{"{C}": "text"}}}}]'
    (finding,) = native.read(text, SHOWN).findings
    assert (finding.code, str(finding.location).startswith(SHOWN)) == ("TD320", True)


def test_native_says_when_a_rule_of_one_object_has_no_object() -> None:
    text, findings = native.write(Foreign(replacements=(Replacement("x", "y", owner=A),)), "", SHOWN)
    assert (text, [one.code for one in findings]) == ("[ ]\n", ["TD320"])


def test_guid_mapper_reads_two_of_many_environments() -> None:
    found = guid_mapper.read(trailing(MAPPER), SHOWN, "dev", "prod")
    assert (pairs(found), found.unmapped) == ([(A, B)], (C,))


def test_guid_mapper_keeps_other_environments_and_makes_its_keys_anew() -> None:
    assert guid_mapper.write(Foreign((GuidPair(A, B),), source="dev"), MAPPER, SHOWN, "prod") == (MAPPER, [])
    text, _ = guid_mapper.write(Foreign((GuidPair(C, D),), source="dev"), MAPPER, SHOWN, "prod")
    assert json.loads(text)[f"{C}__{D}"] == {"DEV": C, "PROD": D}
    assert json.loads(text)[f"{A}__{D}__{B}"]["TEST"] == D


@pytest.mark.parametrize("names", [("dev", "qa"), ("x", "prod")])
def test_guid_mapper_without_the_environment_says_which_there_are(names: tuple[str, str]) -> None:
    with pytest.raises(ConfigError, match="TD328") as caught:
        guid_mapper.read(MAPPER, SHOWN, *names)
    assert "DEV, PROD, TEST" in caught.value.findings[0].hint


def test_parent_child_reads_one_environment_and_keeps_the_others() -> None:
    found = parent_child.read(PARENT_CHILD, SHOWN, "prod")
    assert pairs(found) == [(A, B)]
    assert parent_child.write(found, PARENT_CHILD, SHOWN, "prod") == (PARENT_CHILD, [])
    with pytest.raises(ConfigError, match="TD328"):
        parent_child.read(PARENT_CHILD, SHOWN, "qa")


def test_properties_come_back_as_they_were() -> None:
    found = parent_child.read_properties(TOML, SHOWN)
    assert [str(move.source) for move in found.moves] == [
        "Dev Snowflake.NEWRETAIL.RETAIL",
        "Dev Snowflake.SALES.PUBLIC",
    ]
    assert str(found.moves[1].location) == f"{SHOWN}:5:1"


def test_properties_are_written_as_deep_as_the_moves_need() -> None:
    def move(old: tuple[str, ...], new: tuple[str, ...]) -> Move:
        return Move(TableLocation(*old), TableLocation(*new))

    flat = (move(("C", "D", "S", "T"), ("C2", "D", "S", "T")), move(("C", "D", "S", "U"), ("C2", "D", "S", "U")))
    assert '"C" = "C2"\n' in parent_child.write_properties(Foreign(moves=flat), "prod")[0]
    deep = (*flat, move(("C", "E", "S", "T"), ("C2", "F", "S", "T")))
    assert '"C.D" = "C2.D"\n"C.E" = "C2.F"\n' in parent_child.write_properties(Foreign(moves=deep), "prod")[0]
    own = (*deep, move(("C", "E", "S", "V"), ("C2", "G", "S", "V")))
    assert '"C.E.S.V" = "C2.G.S.V"\n' in parent_child.write_properties(Foreign(moves=own), "prod")[0]


def test_properties_refuse_mixed_depths_and_warn_of_prefixes_and_dots() -> None:
    with pytest.raises(ConfigError, match="TD323"):
        parent_child.read_properties('[table_properties_map]\n"A" = "B"\n"A.B" = "C.D"\n', SHOWN)
    with pytest.raises(ConfigError, match="TD319"):
        parent_child.read_properties("[", SHOWN)
    text = TOML + '[object_prefix_changes]\nprevious_env_prefix = "dev_"\nnew_env_prefix = ""\n'
    assert [one.code for one in parent_child.read_properties(text, SHOWN).findings] == ["TD320"]
    assert [one.code for one in parent_child.dotted_names({"a.b", "c"}, SHOWN)] == ["TD323"]
    dotted = (Move(TableLocation("A.B"), TableLocation("C")),)
    assert [one.code for one in parent_child.write_properties(Foreign(moves=dotted), "p")[1]] == ["TD323"]


@pytest.mark.parametrize("text", ["{", "[1", '{"mapping": {"a": 1}}', '{"mapping": {"a": "b", "a": "c"}}'])
def test_broken_files_are_refused_with_their_place(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        cs_tools.read(text, SHOWN)
    assert all(finding.location is not None for finding in caught.value.findings)


def test_a_file_that_is_no_json_is_not_written_over() -> None:
    with pytest.raises(ConfigError, match="TD319"):
        cs_tools.write(Foreign(), "mine: [\n", SHOWN)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(VALUES)
def test_taking_trailing_commas_away_changes_no_json(value: object) -> None:
    text = json.dumps(value)
    assert without_trailing_commas(text) == text


@given(st.lists(st.text(), min_size=1), st.sampled_from(["", " ", "\n\t"]))
def test_trailing_commas_go_whatever_strings_hold(values: list[str], space: str) -> None:
    text = json.dumps(values, ensure_ascii=False)[:-1] + f",{space}]"
    assert json.loads(without_trailing_commas(text)) == values
