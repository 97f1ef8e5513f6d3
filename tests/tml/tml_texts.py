"""Small TML texts, and the GUIDs in them."""

from __future__ import annotations

from collections.abc import Iterable

from tsdeploy.tml.document import Document, parse_document


def guid(number: int) -> str:
    """A GUID that one can tell by its number."""
    return f"{number:08x}-0000-4000-8000-000000000000"


def document(text: str, path: str = "x.tml") -> Document:
    """A text as a document."""
    return parse_document(text, path)


def documents(texts: Iterable[str]) -> list[Document]:
    """Texts as documents, each from a file of its own."""
    return [parse_document(text, f"{number}.tml") for number, text in enumerate(texts)]


def head(identity: int | str) -> str:
    """The root identity: a GUID by number, an obj_id, or none for ""."""
    if not identity:
        return ""
    return f"guid: {guid(identity)}\n" if isinstance(identity, int) else f"obj_id: {identity}\n"


def reference(to: int | str) -> str:
    """One line of an identity block: ``fqn`` by number, or ``obj_id``."""
    return f"fqn: {guid(to)}" if isinstance(to, int) else f"obj_id: {to}"


def join(to: str, at: int | str) -> str:
    """One join of a table."""
    return f"  - name: to_{to}\n    destination:\n      name: {to}\n      {reference(at)}\n"


def table(name: str, identity: int | str, *joins: tuple[str, int | str], connection: str = "Dev") -> str:
    """A table in DEV.SALES, joined with others."""
    text = f"{head(identity)}table:\n  name: {name}\n  db: DEV\n  schema: SALES\n  db_table: {name}\n"
    text += f"  connection:\n    name: {connection}\n"
    return text + ("  joins_with:\n" + "".join(join(*one) for one in joins) if joins else "")


def model(name: str, identity: int | str, *tables: tuple[str, int | str]) -> str:
    """A model on tables; a table "" away is referred to by name only."""
    lines = [f"  - name: {table}\n" + (f"    {reference(at)}\n" if at else "") for table, at in tables]
    return f"{head(identity)}model:\n  name: {name}\n  model_tables:\n{''.join(lines)}"


def answer(name: str, identity: int | str, source: str, at: int | str, *, description: str = "x") -> str:
    """An answer on a model."""
    where = f"    {reference(at)}\n" if at else ""
    return (
        f"{head(identity)}answer:\n  name: {name}\n  description: {description}\n"
        f"  tables:\n  - id: {source}\n    name: {source}\n{where}"
    )


def liveboard(name: str, identity: int | str, source: str, at: int | str, *, viz: int = 0, note: str = "") -> str:
    """A Liveboard of one visualization and perhaps a note."""
    text = f"{head(identity)}liveboard:\n  name: {name}\n  visualizations:\n  - id: Viz_1\n    answer:\n      name: x\n"
    text += f"      tables:\n      - name: {source}\n" + (f"        {reference(at)}\n" if at else "")
    text += f"    viz_guid: {guid(viz)}\n" if viz else ""
    return text + (f"  - id: Viz_2\n    note_tile:\n      html_parsed_string: {note}\n" if note else "")


def alert(identity: int, board: int, viz: int) -> str:
    """An alert on a visualization."""
    return (
        f"monitor_alert:\n- guid: {guid(identity)}\n  name: Low\n  metric_id:\n    pinboard_viz_id:\n"
        f"      pinboard_id: {guid(board)}\n      viz_id: {guid(viz)}\n"
    )


def collection(name: str, identity: int, *members: int) -> str:
    """A collection."""
    items = "".join(f"  - name: m\n    id: {guid(member)}\n" for member in members)
    return f"{head(identity)}collection:\n  name: {name}\n  content:\n{items}"


def feedback(of: int) -> str:
    """Coaching of a model, whose GUID it carries."""
    return f"guid: {guid(of)}\nnls_feedback:\n  feedback:\n  - id: '1'\n    feedback_phrase: best\n"
