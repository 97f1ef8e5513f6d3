"""The forms in which a graph is drawn."""

from __future__ import annotations

from typing import Literal

from tsdeploy.graph.dot import dot_of
from tsdeploy.graph.drawing import Drawing
from tsdeploy.graph.mermaid import mermaid_of
from tsdeploy.graph.page import page_of
from tsdeploy.graph.text import text_of

Form = Literal["text", "mermaid", "dot", "html"]


def drawn(drawing: Drawing, form: Form, title: str) -> str:
    """A drawing in a form; only a page shows the title, which is plain text."""
    if form == "html":
        return page_of(drawing, title)
    return {"text": text_of, "mermaid": mermaid_of, "dot": dot_of}[form](drawing)
