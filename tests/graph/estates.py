"""Graphs to draw: harmless ones, and one in which every name is an attack."""

from __future__ import annotations

import json

from hypothesis import strategies as st

from tests.tml.tml_texts import document, guid
from tsdeploy.graph.drawing import Drawing, draw
from tsdeploy.tml.graph import build_graph

HOSTILE = (
    "</script><img src=x onerror=alert(1)>",
    "<!--<script>",
    "</title></style></svg><iframe>",
    '" onload="alert(1)',
    "' onclick='alert(1)",
    "javascript:alert(1)",
    "\u202egnp.exe \u2066hidden\u2069 \u200b\u00ad",
    "line\nbreak\u2028and\u0085more\ttab",
    "\u0007bell \u001b[31mred",
    "[brackets] {curly} (paren) | pipe ; semicolon",
    '%%{init: {"theme": "dark"}}%%',
    '"] --> evil["',
    "end",
    "`markdown` **bold**",
    "{{script}} {{data}} {{policy}} $& $1",
    "#quot; &lt;b&gt; &amp; \\N \\G \\",
    "日本語の名前がとても長いのでどこかで切られます。とても、とても長いですから",
    "👩‍💻 work",
    "x" * 300,
)


def named(*names: str) -> Drawing:
    """A drawing of Models with these names, each built on the one before it and on the first, linked to the last."""
    link = f"https://x/#/pinboard/{guid(len(names))}"
    texts = []
    for number, name in enumerate(names, 1):
        needs = "".join(f"  - name: t\n    fqn: {guid(other)}\n" for other in sorted({1, number - 1} - {0, number}))
        tables = f"  model_tables:\n{needs}" if needs else ""
        texts.append(f"guid: {guid(number)}\nmodel:\n  name: {json.dumps(name)}\n  description: {link}\n{tables}")
    return draw(build_graph(document(text, f"{number}.tml") for number, text in enumerate(texts)))


def hostile() -> Drawing:
    """Hostile names, and a kind that this version does not know with a hostile one of its own."""
    kind = json.dumps("<b onload=alert(1)>")
    odd = document(f"guid: {guid(99)}\n{kind}:\n  name: U\n", '"><script>.tml')
    texts = [f"guid: {guid(number)}\nmodel:\n  name: {json.dumps(name)}\n" for number, name in enumerate(HOSTILE, 1)]
    return draw(build_graph([odd, *(document(text) for text in texts)]))


NAMES = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("<>&\"'`\\/{}[]()#;%|!-\n\u2028\u202e"), max_size=30
)
"""Any name that a file can hold."""
