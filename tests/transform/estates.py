"""Random releases with a mapping that is for everything in them, and the names of the source that must not be left."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from tests.tml.tml_texts import guid, head
from tests.transform.releases import HERE, named, rule_set
from tsdeploy.mapping.locations import TableLocation
from tsdeploy.mapping.model import ColumnRule, Mapping, PropertyRule, TextRule
from tsdeploy.mapping.places import parse_path

KINDS = ("guid", "obj_id", "both", "name")
WORDS = st.text("abcXYZ é'\"#:-[]{}%", min_size=1, max_size=8).map(lambda text: f"x{text}y")


@dataclass(frozen=True)
class Estate:
    """Texts of a release and the rules for it."""

    texts: tuple[str, ...]
    mapping: Mapping
    source_guids: frozenset[str]
    groups: frozenset[str]


@dataclass(frozen=True)
class Table:
    """A table, and how others refer to it."""

    number: int
    identity: str
    db: str
    group: str

    @property
    def name(self) -> str:
        """Its name; no two tables have one."""
        return f"T{self.number}"

    @property
    def head(self) -> str:
        """Its root identity."""
        both = f"guid: {guid(self.number)}\nobj_id: t{self.number}\n"
        forms = {"guid": head(self.number), "obj_id": head(f"t{self.number}"), "both": both}
        return forms.get(self.identity, "")

    def reference(self, indent: str) -> str:
        """The line by which others refer to it, or none where they have only its name."""
        lines = {"guid": f"fqn: {guid(self.number)}", "obj_id": f"obj_id: t{self.number}",
                 "both": f"fqn: {guid(self.number)}"}  # fmt: skip
        return f"{indent}{lines[self.identity]}\n" if self.identity in lines else ""

    def text(self) -> str:
        """The table as TML."""
        return (
            f"{self.head}table:\n  name: {self.name}\n  db: {self.db}\n  schema: SALES\n  db_table: {self.name}\n"
            f"  connection:\n    name: Dev\n  columns:\n  - name: A\n    db_column_name: A\n"
            f"  - name: Other\n    db_column_name: B\n"
            f"  rls_rules:\n    rules:\n    - name: r\n      expr: \"ts_groups = '{self.group}'\"\n"
        )


def _model(number: int, tables: list[Table]) -> str:
    used = "".join(f"  - name: {table.name}\n{table.reference('    ')}" for table in tables)
    columns = "".join(f"  - name: A{table.number}\n    column_id: {table.name}::A\n" for table in tables)
    return (
        f"{head(number)}model:\n  name: M{number}\n  model_tables:\n{used}  formulas:\n  - name: F\n"
        f"    expr: \"concat ( '{{x}}' , 'https://dev.host/#/pinboard/{guid(900)}' )\"\n"
        f"  columns:\n{columns}  parameters:\n  - id: {guid(500 + number)}\n    name: P\n"
    )


def _liveboard(model: int, words: str) -> str:
    quoted = words.replace("'", "''")
    return (
        f"{head(900)}liveboard:\n  name: L\n  description: '{quoted} https://dev.host/x DEV_TEXT'\n"
        f"  visualizations:\n  - id: Viz_1\n    answer:\n      name: x\n      tables:\n      - id: M{model}\n"
        f"        name: M{model}\n        fqn: {guid(model)}\n    viz_guid: {guid(700)}\n"
        f"  - id: Viz_2\n    answer:\n      name: y\n      tables:\n      - id: M{model}\n        name: M{model}\n"
    )


@st.composite
def estates(draw: st.DrawFn, *, carry: bool | None = None) -> Estate:
    """A release of tables, a model, a Liveboard and an alert, in mixed forms, and bijective rules for all of it."""
    count = draw(st.integers(1, 3))
    dbs = {"DEV": "PROD", "dev two": "prod two"}
    groups = {draw(WORDS).replace("'", "").replace('"', ""): f"prod {number}" for number in range(2)}
    tables = [
        Table(
            number,
            draw(st.sampled_from(KINDS)),
            draw(st.sampled_from(sorted(dbs))),
            draw(st.sampled_from(sorted(groups))),
        )
        for number in range(1, count + 1)
    ]
    bound = {guid(1): guid(0xB1)} if tables[0].identity in ("guid", "both") and draw(st.booleans()) else {}
    rules = rule_set(
        tables=[(TableLocation(db=db), TableLocation(db=target)) for db, target in dbs.items()],
        objects=bound,
        groups=named("groups", groups),
        hosts=named("hosts", {"dev.host": "prod.host"}),
        columns=(
            ColumnRule(TableLocation(), "A", "A_PROD", HERE, carry=draw(st.booleans()) if carry is None else carry),
        ),
        properties=(PropertyRule("tables[].x", parse_path("tables[].x") or (), "y", HERE),),
        text=(TextRule("DEV_TEXT", "PROD_TEXT", "description", HERE),),
    )
    alert = (
        f"monitor_alert:\n- guid: {guid(800)}\n  name: a\n  metric_id:\n    pinboard_viz_id:\n"
        f"      pinboard_id: {guid(900)}\n      viz_id: {guid(700)}\n"
    )
    texts = [*(table.text() for table in tables), _model(50, tables), _liveboard(50, draw(WORDS)), alert]
    source = {guid(number) for number in (50, 550, 700, 800, 900, *range(1, count + 1))}
    return Estate(tuple(draw(st.permutations(texts))), rules, frozenset(source), frozenset(groups))
