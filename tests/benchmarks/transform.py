"""How fast a release is transformed, against what the engine alone needs to read and edit the same documents.

    python -m tests.benchmarks.transform                                             500 documents, 5,000 references
    python -m tests.benchmarks.transform --documents 10000 --references 100000      some minutes

Documents have 9 kB in the mean, somewhat less than public exports. The engine reads each document and gives every
mapped value another one; the transform does the same by rules, with reasons, findings and coverage. Reported are the
ratio of their times, and the peak of memory that is allocated while the documents go through one by one: what each says
of itself is kept for all of them, the documents are not.
"""

from __future__ import annotations

import argparse
import functools
import random
import tracemalloc
from collections.abc import Callable, Iterator

from tests.benchmarks.timing import best
from tests.benchmarks.tml_engine import load_and_edit, report
from tests.tml.tml_texts import guid
from tsdeploy.config.objects import ObjectMap
from tsdeploy.errors import Location, Severity
from tsdeploy.mapping.locations import TableLocation
from tsdeploy.mapping.model import Mapping, TableRule
from tsdeploy.mapping.names import NameRule, NameRules
from tsdeploy.tml.document import Document, parse_document
from tsdeploy.transform.inputs import Inputs
from tsdeploy.transform.render import Renderer
from tsdeploy.transform.targets import Namespace

_HERE = Location("mapping.yaml", 1, 1)
_COLUMNS = 130
_TILE = """\
      search_query: "[Net Sales] [Region] [Sale Date].monthly sort by [Net Sales] descending"
      answer_columns:
      - name: Net Sales
      - name: Region
      - name: Month(Sale Date)
      table:
        table_columns:
        - column_id: Net Sales
          show_headline: false
        - column_id: Region
          show_headline: false
        - column_id: Month(Sale Date)
          show_headline: false
        ordered_column_ids:
        - Month(Sale Date)
        - Region
        - Net Sales
        client_state: ""
        client_state_v2: '{"tableVizPropVersion": "V1","columnProperties":[{"columnId":"Net Sales"}]}'
      chart:
        type: LINE
        chart_columns:
        - column_id: Net Sales
        - column_id: Region
        - column_id: Month(Sale Date)
        axis_configs:
        - x:
          - Month(Sale Date)
          y:
          - Net Sales
          color:
          - Region
"""


def release(documents: int, references: int) -> list[str]:
    """Tables, models on them, and Liveboards on those, with so many references in all."""
    random_ = random.Random(1)
    tables, models = max(1, documents // 3), max(1, documents // 3)
    each = max(1, references // documents)
    texts = [_table(number) for number in range(tables)]
    texts += [_model(tables + number, random_.sample(range(tables), min(each, tables))) for number in range(models)]
    for number in range(tables + models, documents):
        texts.append(_liveboard(number, [tables + random_.randrange(models) for _ in range(each)]))
    return texts


def _table(number: int) -> str:
    columns = "".join(f"  - name: C{c}\n    db_column_name: C{c}\n    properties:\n      column_type: ATTRIBUTE\n"
                      for c in range(_COLUMNS))  # fmt: skip
    return (
        f"guid: {guid(number)}\ntable:\n  name: T{number}\n  db: DEV\n  schema: SALES\n  db_table: T{number}\n"
        f"  connection:\n    name: Dev\n  columns:\n{columns}"
    )


def _model(number: int, tables: list[int]) -> str:
    used = "".join(f"  - name: T{table}\n    fqn: {guid(table)}\n" for table in tables)
    columns = "".join(f"  - name: C{c}\n    column_id: T{tables[0]}::C{c}\n" for c in range(_COLUMNS))
    return f"guid: {guid(number)}\nmodel:\n  name: M{number}\n  model_tables:\n{used}  columns:\n{columns}"


def _liveboard(number: int, models: list[int]) -> str:
    tiles = "".join(
        f"  - id: Viz_{at}\n    answer:\n      name: x\n      tables:\n      - id: M{model}\n        name: M{model}\n"
        f"        fqn: {guid(model)}\n{_TILE}"
        for at, model in enumerate(models)
    )
    return f"guid: {guid(number)}\nliveboard:\n  name: L{number}\n  visualizations:\n{tiles}"


def given() -> Inputs:
    """Rules for all of it."""
    move = TableRule(TableLocation(db="DEV"), TableLocation(db="PROD"), _HERE)
    connections = NameRules((NameRule("Dev", "Prod", _HERE, section="connections"),))
    rules = Mapping(file="mapping.yaml", connections=connections, tables=(move,))
    return Inputs("prod", rules, ObjectMap(), Namespace("https://prod.example.com#org="))


def read(texts: list[str]) -> Iterator[Document]:
    """One document after the other; none is kept."""
    return (parse_document(text, f"{number}.tml") for number, text in enumerate(texts))


def engine(texts: list[str], *, twice: bool) -> None:
    """What the engine alone needs; with every document read twice where the transform does so."""
    for document in read(texts) if twice else ():
        assert document.kind.known
    for text in texts:
        load_and_edit(text)


def transform(texts: list[str], *, twice: bool) -> None:
    """The whole way: what each document says of itself, then each one rendered. Read twice, none is kept."""
    kept = () if twice else tuple(read(texts))
    renderer = Renderer(kept or read(texts), given())
    for document in kept or read(texts):
        rendered = renderer.render(document)
        assert not rendered.findings, rendered.findings
    assert not [finding for finding in renderer.findings() if finding.severity is Severity.ERROR]


def peak(action: Callable[[], object]) -> float:
    """The peak of allocated memory, in megabytes."""
    tracemalloc.start()
    action()
    _, top = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return top / 1e6


def run(documents: int, references: int) -> None:
    """Generate the release, measure, report."""
    texts = release(documents, references)
    size = sum(map(len, texts))
    found = sum(len(document.references) for document in read(texts))
    print(f"{documents} documents, {found} references, {size / 1e6:.1f} MB")
    for name, twice in (("all in memory", False), ("one at a time", True)):
        edited, rendered = best(
            functools.partial(engine, texts, twice=twice), functools.partial(transform, texts, twice=twice), runs=3
        )
        report(f"throughput of the transform / of edits, {name}", edited / rendered, "≥ 0.8")
        megabytes = peak(functools.partial(transform, texts, twice=twice))
        print(f"{rendered:.2f} s; peak of allocated memory {megabytes:.1f} MB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--references", type=int, default=5000)
    chosen = parser.parse_args()
    run(chosen.documents, chosen.references)
