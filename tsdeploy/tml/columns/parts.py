"""The parts of a document in which names mean the same: an answer, a join, one formula, a set of rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tsdeploy.tml.columns import places
from tsdeploy.tml.columns.offered import COLUMN_LISTS, formula_ways
from tsdeploy.tml.columns.scope import Known, Offer, Scope, Source
from tsdeploy.tml.columns.sight import Sight, distinct
from tsdeploy.tml.columns.use import ColumnRef
from tsdeploy.tml.spots import Spot

_NAMING = frozenset(places.COLUMN_PROPERTIES.every.below["properties"].below)
"""The properties that name another column; few columns have one."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Where to look, for what, and what names mean there. ``makes`` and ``label`` are those of ``Use``."""

    holder: Spot
    places: places.Places
    scope: Scope
    makes: ColumnRef | None = None
    label: str = ""


def parts_of(sight: Sight) -> Iterator[Part]:
    """Every part of a document that can name columns; none where its kind is not known to."""
    finder = _FINDERS.get(sight.document.kind.root)
    if finder is not None:
        yield from finder(sight)


def table_joins(sight: Sight) -> Iterator[tuple[str, Part]]:
    """The joins that a document brings along, by name."""
    for join in sight.body.each("joins_with"):
        yield join.text_of("name"), Part(join, places.JOIN, Scope({}, sight.ends(join), is_qualified=True))


def _made(sight: Sight, item: Spot) -> ColumnRef | None:
    for offer in sight.own:
        return offer.find(item.text_of("name") or item.text_of("id"))
    return None


def _own_columns(sight: Sight) -> Iterator[Part]:
    scope = Scope(sight.own_names(), is_qualified=True)
    for column in sight.body.each(COLUMN_LISTS[sight.document.kind.root]):
        properties = column.get("properties")
        if properties is not None and not _NAMING.isdisjoint(properties.value):
            yield Part(column, places.COLUMN_PROPERTIES, scope, _made(sight, column))


def _joins(sight: Sight) -> Iterator[Part]:
    return (part for _, part in table_joins(sight))


def _table(sight: Sight) -> Iterator[Part]:
    yield from _own_columns(sight)
    yield from _joins(sight)
    for rules in sight.body.each("rls_rules"):
        sources = _sources_of_rules(sight, rules)
        for path in rules.each("table_paths"):
            end = sources.get(path.text_of("table").casefold(), Source(""))
            yield Part(path, places.PATH_COLUMNS, Scope({}, sources, end.offers))
        scope = Scope({}, sources, distinct(source.offers for source in sources.values()))
        yield Part(rules, places.RULES, scope)


def _sources_of_rules(sight: Sight, rules: Spot) -> dict[str, Source]:
    """The table itself, and those that its rules name, by each name that they have there."""
    sources = {sight.document.name.casefold(): Source(sight.document.name, sight.own)}
    for table in rules.each("table"):
        name = table.text_of("name") or table.text
        sources[name.casefold()] = Source(name, sight.meant.get(table.path, ()))
    return sight.sources(rules, sources)


def _model(sight: Sight) -> Iterator[Part]:
    scope = replace(sight.scope(sight.body, sight.own_names()), bare=(), is_qualified=True)
    yield from _made_parts(sight, places.COLUMN, scope)
    yield Part(sight.body, places.MODEL, scope)
    yield from _joins(sight)


def _view(sight: Sight) -> Iterator[Part]:
    scope = sight.scope(sight.body, sight.own_names(parts_only=True))
    yield from _made_parts(sight, places.OUTPUT, scope)
    yield Part(sight.body, places.VIEW, scope)
    yield from _own_columns(sight)
    yield from _joins(sight)


def _made_parts(sight: Sight, columns: places.Places, scope: Scope) -> Iterator[Part]:
    """The columns and formulas of a document, each of which makes one of its columns."""
    lists = ((COLUMN_LISTS[sight.document.kind.root], columns), ("formulas", places.FORMULA))
    return (Part(item, wanted, scope, _made(sight, item)) for key, wanted in lists for item in sight.body.each(key))


def _answers(sight: Sight, answer: Spot, makes: ColumnRef | None = None, label: str = "") -> Iterator[Part]:
    scope = sight.scope(answer, sight.local_names(answer))
    yield Part(answer, places.ANSWER, scope, makes, label)
    for cohort in answer.each("cohorts"):
        yield Part(cohort, places.SET, _scope_of_set(sight, cohort, scope), makes, label)


def _scope_of_set(sight: Sight, cohort: Spot, outer: Scope) -> Scope:
    holders = [end for key in ("worksheet", "model") for end in cohort.each(key)]
    offers: list[Offer] = [offer for end in holders for offer in sight.meant.get(end.path, ())]
    return sight.scope_of(offers, outer.local) if offers else outer


def _answer(sight: Sight) -> Iterator[Part]:
    return _answers(sight, sight.body)


def _cohort(sight: Sight) -> Iterator[Part]:
    makes = ColumnRef(sight.key, sight.document.name)
    yield Part(sight.body, places.SET, _scope_of_set(sight, sight.body, Scope()), makes)
    for answer in sight.body.each("answer"):
        yield from _answers(sight, answer, makes)


def _liveboard(sight: Sight) -> Iterator[Part]:
    scopes = [sight.scope(sight.body, {})]
    for tile in sight.body.each("visualizations"):
        for answer in tile.each("answer"):
            parts = list(_answers(sight, answer, label=tile.text_of("id")))
            scopes.append(parts[0].scope)
            yield from parts
    sources: dict[str, Source] = {}
    for scope in scopes:
        for name, source in scope.sources.items():
            before = sources.get(name, source)
            sources[name] = Source(source.name, distinct((before.offers, source.offers)))
    bare = distinct(scope.bare for scope in scopes)
    yield Part(sight.body, places.LIVEBOARD, Scope(_only_local(scopes, bare), sources, bare, sight.columns.sets))


def _only_local(scopes: list[Scope], bare: tuple[Offer, ...]) -> dict[str, Known]:
    """Names that tiles have for themselves, where no source has them: a filter means the source's column."""
    names = {name: known for scope in scopes for name, known in scope.local.items()}
    return {name: known for name, known in names.items() if not any(name in offer.folded for offer in bare)}


def _alerts(sight: Sight) -> Iterator[Part]:
    for view in sight.body.each("personalised_view_info"):
        yield Part(view, places.OWN_FILTERS, sight.scope(view, {}))


def _feedback(sight: Sight) -> Iterator[Part]:
    offers = distinct(sight.meant.get((key,), ()) for key in ("guid", "obj_id"))
    for item in sight.body.each("feedback"):
        given = (spot.text for spot in item.each("formula_info", "name"))
        # A business term may be called like the model's formula that it stands for, and then means that one.
        ways = {way.casefold(): Known(way) for way in formula_ways(given)}
        own = {way: known for way, known in ways.items() if not any(way in offer.folded for offer in offers)}
        yield Part(item, places.FEEDBACK, sight.scope_of(offers, own))


def _hangs_on(key: str, what: places.Places) -> Callable[[Sight], Iterator[Part]]:
    def find(sight: Sight) -> Iterator[Part]:
        offers = distinct(sight.meant.get(end.path, ()) for end in sight.body.each(key))
        yield Part(sight.body, what, sight.scope_of(offers, {}))

    return find


_FINDERS: dict[str, Callable[[Sight], Iterator[Part]]] = {
    "table": _table,
    "input_table": _table,
    "sql_view": _table,
    "view": _view,
    "model": _model,
    "worksheet": _model,
    "answer": _answer,
    "cohort": _cohort,
    "liveboard": _liveboard,
    "pinboard": _liveboard,
    "monitor_alert": _alerts,
    "nls_feedback": _feedback,
    "column_alias": _hangs_on("model", places.COLUMN_ALIAS),
    "column_security_rules": _hangs_on("table", places.COLUMN_SECURITY),
}
