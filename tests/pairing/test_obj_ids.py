"""obj_ids: chosen unique, set in batches that the server takes or refuses as a whole, and looked up again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Estate
from tsdeploy.config.objects import ObjectMap, ObjectRecord
from tsdeploy.pairing.obj_ids import Assignment, alike, assign, collisions, live_obj_ids, readable
from tsdeploy.rest import SearchQuery, search_metadata

G = [f"{number:08x}-1111-4111-8111-111111111111" for number in range(9)]


def chosen(records: list[ObjectRecord], live: dict[str, str]) -> dict[str, str]:
    return {one.guid: one.obj_id for one in readable(records, live)}


def test_a_name_without_spaces_is_taken_and_made_unique_by_kind_and_number() -> None:
    records = [
        ObjectRecord("answer", "Net Sales", G[0]),
        ObjectRecord("liveboard", "Net Sales", G[1]),
        ObjectRecord("liveboard", "NetSales", G[2]),
        ObjectRecord("model", "???", G[3]),
    ]
    assert chosen(records, dict.fromkeys(G, "")) == {
        G[0]: "NetSales",
        G[1]: "NetSales-liveboard",
        G[2]: "NetSales-liveboard-2",
        G[3]: f"model-{G[3][:8]}",
    }


def test_what_people_chose_stays_and_what_the_server_made_goes() -> None:
    records = [ObjectRecord("model", "Sales", G[0]), ObjectRecord("model", "Costs", G[1])]
    assert chosen(records, {G[0]: "mine", G[1]: f"Costs-{G[1][:8]}"}) == {G[0]: "mine", G[1]: "Costs"}


def test_an_obj_id_of_any_object_of_the_org_is_taken() -> None:
    assert chosen([ObjectRecord("model", "Sales", G[0])], {G[0]: "", G[1]: "Sales"}) == {G[0]: "Sales-model"}


def test_objects_that_are_not_there_and_kinds_without_obj_ids_get_none() -> None:
    records = [ObjectRecord("model", "Sales", G[0]), ObjectRecord("nls_feedback", "Sales", G[1])]
    assert chosen(records, {G[1]: ""}) == {}


RECORDS = st.lists(st.builds(ObjectRecord, st.sampled_from(["model", "answer"]), st.text(max_size=6)), max_size=9)


@given(RECORDS)
def test_no_obj_id_is_given_twice(records: list[ObjectRecord]) -> None:
    placed = [ObjectRecord(one.kind, one.name, guid) for one, guid in zip(records, G, strict=False)]
    made = list(chosen(placed, dict.fromkeys(G, "")).values())
    assert len(set(made)) == len(made) == len(placed)
    assert all(made)


def test_counterparts_are_found_by_the_pairs_of_either_map() -> None:
    dev = ObjectMap((ObjectRecord("model", "Sales", G[0], obj_id="Sales"),))
    prod = ObjectMap((ObjectRecord("model", "Sales", G[1], source=G[0]),))
    assert [(one.guid, one.obj_id) for one in alike(prod, {G[1]: ""}, dev)] == [(G[1], "Sales")]
    named = ObjectMap((ObjectRecord("model", "Sales", G[1], obj_id="Sales", source=G[0]),))
    here = ObjectMap((ObjectRecord("model", "Sales", G[0]),))
    assert [(one.guid, one.obj_id) for one in alike(here, {G[0]: ""}, named)] == [(G[0], "Sales")]


def test_wanting_what_another_has_is_a_collision() -> None:
    wanted = [Assignment("model", "Sales", G[0], "", "x"), Assignment("model", "Costs", G[1], "", "x")]
    assert [one.at for one in collisions(wanted, {G[0]: "", G[1]: ""})] == [G[1]]
    assert [one.at for one in collisions(wanted[:1], {G[0]: "", G[2]: "x"})] == [G[0]]


def test_the_one_that_the_server_refuses_is_found_and_the_others_are_set(retail: Estate) -> None:
    """The server refuses the whole batch, and does not say which part it did not like."""
    with retail.session("dev") as session:
        models = list(search_metadata(session, SearchQuery(types=("ANSWER", "LIVEBOARD"))))
        holder, *others = models
        assert assign(session, [Assignment("answer", holder.name, holder.id, "", "Taken")]) == []
        wanted = [Assignment("answer", one.name, one.id, "", f"Id{number}") for number, one in enumerate(others)]
        wanted.insert(2, Assignment("answer", "Ghost", G[0], "", "Ghost"))
        wanted[4] = Assignment("answer", others[3].name, others[3].id, "", "Taken")
        findings = assign(session, wanted)
        assert [one.at for one in findings] == [G[0], others[3].id]
        assert "DUPLICATE_CUSTOM_OBJECT_ID" in findings[1].message
        live = live_obj_ids(session, [])
        assert all(live[one.guid] == one.obj_id for one in wanted if one.guid not in (G[0], others[3].id))
