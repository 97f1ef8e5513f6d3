"""Every row of the catalogue: each place where TML names something, and what promotion does with it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from tests.tml.tml_texts import guid
from tests.transform.releases import HERE, PROD, codes, errors, inputs, named, one, rule_set
from tsdeploy.config.objects import ObjectRecord
from tsdeploy.config.secrets import Secret
from tsdeploy.mapping.locations import TableLocation
from tsdeploy.mapping.model import PropertyRule
from tsdeploy.mapping.places import find_scalars, parse_path
from tsdeploy.tml.catalogue import Holds, Place, Promotion, places
from tsdeploy.tml.kinds import KINDS
from tsdeploy.tml.unfollowed import Names, Unfollowed, unfollowed
from tsdeploy.transform.inputs import Inputs, Rendered
from tsdeploy.transform.targets import Origin

SOURCE, TARGET = guid(0xAA), guid(0xBB)
PLACES = [place for root in KINDS for place in places(root)]
ROWS = [row for root in KINDS for row in unfollowed(root)]
MAPPED = [place for place in PLACES if place.promotion in (Promotion.MAP, Promotion.ENVIRONMENT)]
INNER = [place for place in PLACES if place.promotion in (Promotion.MINT, Promotion.INNER)]
KEPT = [row for row in ROWS if row.promotion is Promotion.KEEP]
OPEN = [row for row in ROWS if row.promotion in (Promotion.ENVIRONMENT, Promotion.SECRET)]
MOVED = [row for row in ROWS if row.promotion is Promotion.MAP]


def holding(pattern: str, value: Any) -> str:
    """A document with a value at a place."""
    made = value
    for step in reversed(pattern.replace("[]", ".[]").split(".")):
        made = [made] if step == "[]" else {step: made}
    for root, body in made.items():
        if isinstance(body, dict) and "name" not in body:
            made[root] = {"name": "N", **body}
        elif isinstance(body, list) and "name" not in body[0]:
            made[root] = [{"name": "N", **body[0]}]
    return json.dumps(made)


def at(item: Rendered, pattern: str) -> list[str]:
    return [scalar.value for _, scalar in find_scalars(item.document().root, parse_path(pattern) or ())]


def written(place: Place) -> str:
    """A value that names the source's object as the place does."""
    if place.holds is Holds.IDENTITY:
        return {"name": "X", "fqn": SOURCE}  # type: ignore[return-value]
    texts = {Holds.LINKS: f"see https://h/#/pinboard/{SOURCE} there", Holds.TAB_LINKS: f"https://h/#/x/tab/{SOURCE}"}
    return texts.get(place.holds, SOURCE)


def sent(place: Place, given: Inputs) -> Rendered:
    root = str(place)
    if root in ("guid", "obj_id"):
        return one(json.dumps({root: SOURCE, "nls_feedback": {"feedback": []}}), given)
    return one(holding(str(place), written(place)), given)


@pytest.mark.parametrize("place", MAPPED, ids=str)
def test_a_reference_is_mapped_where_a_rule_says_to_what(place: Place) -> None:
    rules = rule_set(objects={SOURCE: TARGET}, connections={"X": "Y"})
    item = sent(place, inputs(rules))
    if place.targets == {"connection"}:
        assert '"name": "Y"' in item.text
    else:
        assert TARGET in item.text
    assert (SOURCE in item.text, errors(item.findings)) == (False, [])


@pytest.mark.parametrize("place", [place for place in MAPPED if place.holds is not Holds.OBJ_ID], ids=str)
def test_a_reference_without_a_rule_is_an_error_that_names_the_place(place: Place) -> None:
    (finding,) = sent(place, inputs(rule_set(connections={}))).findings
    assert finding.code in ("TD204", "TD201")
    assert finding.location is not None and finding.location.line == 1
    assert ("X:" if finding.code == "TD201" else SOURCE) in finding.hint


@pytest.mark.parametrize("place", INNER, ids=str)
def test_an_inner_guid_is_what_was_read_back(place: Place) -> None:
    record = ObjectRecord("liveboard", "L", guid=guid(1), source=guid(2), inner={SOURCE: TARGET})
    item = sent(place, inputs(rule_set(), records=[record]))
    assert (TARGET in item.text, SOURCE in item.text, errors(item.findings)) == (True, False, [])


@pytest.mark.parametrize("place", INNER, ids=str)
def test_an_inner_guid_that_is_new_is_derived_and_one_that_nobody_has_is_refused(place: Place) -> None:
    item = sent(place, inputs(rule_set()))
    if place.promotion is Promotion.MINT:
        assert (PROD.derive(SOURCE) in item.text, errors(item.findings)) == (True, [])
    elif place.holds is Holds.GUID:
        assert codes(item.findings) == ["TD204"]


@pytest.mark.parametrize("row", KEPT, ids=lambda row: row.pattern)
def test_what_is_kept_is_kept(row: Unfollowed) -> None:
    text = holding(row.pattern, f"keep {SOURCE}")
    item = one(text, inputs(rule_set(objects={SOURCE: TARGET}, groups=named("groups", {"*": "x*"}))))
    assert at(item, row.pattern) == [f"keep {SOURCE}"]


@pytest.mark.parametrize("row", OPEN, ids=lambda row: row.pattern)
def test_what_belongs_to_the_environment_is_left_or_set_by_a_rule(row: Unfollowed) -> None:
    path = re.sub(r"^\w+\.?", "", row.pattern)
    text = holding(row.pattern, "source")
    rules = rule_set(connections={"source": "source", "N": "N"}, manage_connections=True)
    item = one(text, inputs(rules))
    assert at(item, row.pattern) == ["source"]
    strict = row.names is Names.PERSON and codes(item.findings) not in ([], ["TD204"])
    assert not strict or codes(item.findings) == ["TD226"]
    if row.pattern.endswith("expr") or row.names is Names.PERSON or path == "name":
        return
    setting = PropertyRule(path, parse_path(path) or (), "target", HERE)
    assert at(one(text, inputs(replace(rules, properties=(setting,)))), row.pattern) == ["target"]
    hidden = replace(setting, to=None, secret=Secret("PW"))
    assert at_text(one(text, inputs(replace(rules, properties=(hidden,)))), "${env:PW}")


def at_text(item: Rendered, text: str) -> bool:
    return text in item.text and bool(item.secrets)


@pytest.mark.parametrize("row", MOVED, ids=lambda row: row.pattern)
def test_a_place_in_the_warehouse_moves_by_rule_or_is_an_error(row: Unfollowed) -> None:
    part = {"db": "db", "schema": "schema", "db_table": "table"}[row.pattern.rpartition(".")[2]]
    move = (TableLocation(**{part: "A"}), TableLocation(**{part: "B"}))
    item = one(holding(row.pattern, "A"), inputs(rule_set(tables=[move])))
    assert (at(item, row.pattern), errors(item.findings)) == (["B"], [])
    assert codes(one(holding(row.pattern, "A"), inputs(rule_set(tables=[]))).findings) == ["TD205"]


PEOPLE = {
    "rls_rules": ("table.rls_rules.rules[].expr", "[T::C] = 'x' and ts_groups = 'dev'", "groups", True),
    "column security": ("column_security_rules.rules[].accessible_groups.group_name[]", "dev", "groups", True),
    "alert to groups": ("monitor_alert[].subscribed_group[].group_name", "dev", "groups", True),
    "alias of groups": ("column_alias.columns[].groups[].name", "dev", "groups", True),
    "action of groups": ("action_object.user_groups[]", "dev", "groups", True),
    "rls_rules of users": ("table.rls_rules.rules[].expr", "ts_username = 'dev'", "users", True),
    "formula": ("model.formulas[].expr", "if ( ts_groups = 'dev' ) then 1 else 0", "groups", True),
    "formula of a tile": ("liveboard.visualizations[].answer.formulas[].expr", 'ts_groups != "dev"', "groups", True),
    "alert to users": ("monitor_alert[].subscribed_user[].username", "dev", "users", False),
    "alert's creator": ("monitor_alert[].creator.user_email", "dev", "users", False),
    "set's owner": ("cohort.owner", "dev", "users", False),
    "view's author": ("liveboard.views[].author.username", "dev", "users", False),
}


@pytest.mark.parametrize(("pattern", "text", "section", "strict"), PEOPLE.values(), ids=PEOPLE)
def test_a_group_or_user_is_renamed_kept_or_refused(pattern: str, text: str, section: str, strict: bool) -> None:
    document = holding(pattern, text)
    for target in ("prod", "dev"):
        people: dict[str, Any] = {section: named(section, {"dev": target})}
        rules = rule_set(tables=[(TableLocation(), TableLocation())], **people)
        item = one(document, inputs(rules))
        assert (at(item, pattern), errors(item.findings)) == ([text.replace("dev", target)], [])
    found = one(document, inputs(rule_set(tables=[(TableLocation(), TableLocation())]))).findings
    assert codes(found) == (["TD226"] if strict else [])
    assert all(f"add to {section}:" in finding.hint and "dev:" in finding.hint for finding in found)


@pytest.mark.parametrize("word", ["TS_WILDCARD_ALL"])
def test_a_word_for_everybody_is_no_group(word: str) -> None:
    assert one(holding("column_alias.columns[].groups[].name", word), inputs(rule_set())).findings == ()


@pytest.mark.parametrize(
    "root", [root for root in KINDS if root not in ("nls_feedback", "monitor_alert", "connection")]
)
def test_the_root_guid_is_the_target_s(root: str) -> None:
    item = one(json.dumps({"guid": SOURCE, root: {"name": "N"}}), inputs(rule_set()))
    assert (json.loads(item.text)["guid"], item.target.origin) == (PROD.derive(SOURCE), Origin.DERIVED)


@pytest.mark.parametrize(
    "root", [root for root in KINDS if root not in ("nls_feedback", "monitor_alert", "connection")]
)
def test_the_root_obj_id_is_kept(root: str) -> None:
    text = json.dumps({"obj_id": "o", root: {"name": "N"}})
    assert one(text, inputs(rule_set())).text == text
