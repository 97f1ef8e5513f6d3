"""A plan as one HTML file that needs nothing else: no script, no request, only text and folds.

Everything that comes from TML or a server reaches the page escaped; the content security policy allows the one style
by its hash, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from importlib.resources import files

from tsdeploy.errors import Finding
from tsdeploy.graph.page import source_hash
from tsdeploy.plan.change import Action, Affected, Change, Plan, Setting
from tsdeploy.tml.difference.change import Difference
from tsdeploy.visible import visible

_HEADINGS = {
    Action.BLOCKED: "Blocked",
    Action.CREATE: "To create",
    Action.UPDATE: "To update",
    Action.ADOPT: "To adopt",
    Action.UNCHANGED: "Unchanged",
}
_OPEN = 20
"""A section of so many objects is shown unfolded."""


def plan_page(plan: Plan) -> str:
    """The page."""
    style = (files("tsdeploy.review") / "plan.css").read_text(encoding="utf-8")
    policy = f"default-src 'none'; style-src {source_hash(style)}; base-uri 'none'; form-action 'none'"
    title = _text(f"Plan for {plan.environment}")
    return "\n".join(
        (
            "<!doctype html>",
            '<html lang="en">',
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title>",
            f"<style>{style}</style>",
            "<body>",
            *_head(plan, title),
            *_findings(plan.all_findings()),
            *(line for action in _HEADINGS for line in _section(plan, action)),
            *_removed(plan),
            *_settings(plan.settings),
            *_affected(plan.affected),
            "</body>",
            "</html>",
            "",
        )
    )


def _head(plan: Plan, title: str) -> Iterator[str]:
    yield f"<header><h1>{title}</h1>"
    yield f'<p class="summary">{_text(plan.summary())}</p>'
    counts = (
        f'<li class="{action.value}"><b>{plan.count(action)}</b> {_text(_HEADINGS[action].lower())}</li>'
        for action in _HEADINGS
        if plan.count(action)
    )
    yield f"<ul class='counts'>{''.join(counts)}</ul>"
    as_of = f"; as of {_text(plan.as_of)}, without asking the server" if plan.as_of else ""
    yield f"<p>Commit <code>{_text(plan.head.commit[:12])}</code>{as_of}</p></header>"


def _section(plan: Plan, action: Action) -> Iterator[str]:
    changes = [change for change in plan.changes if change.action is action]
    if not changes:
        return
    unfolded = " open" if len(changes) <= _OPEN and action is not Action.UNCHANGED else ""
    yield f'<details class="section {action.value}"{unfolded}>'
    yield f"<summary><h2>{_HEADINGS[action]} ({len(changes)})</h2></summary>"
    for change in changes:
        yield from _change(change)
    yield "</details>"


def _change(change: Change) -> Iterator[str]:
    label = f'<span class="sign">{change.action.sign}</span> <b>{_text(change.label)}</b>'
    path = f'<span class="path">{_text(change.rendered.source.path)}</span>'
    if not change.differences:
        yield f'<div class="object">{label} {path}<p>{_text(change.reason)}</p></div>'
        return
    yield f'<details class="object" open><summary>{label} {path}</summary><p>{_text(change.reason)}</p><ul>'
    for difference in change.differences:
        yield _difference(difference)
    yield "</ul>"
    if change.overwrites:
        yield '<p class="breaks">Overwrites what people changed there:</p><ul>'
        yield from (_difference(difference) for difference in change.overwrites)
        yield "</ul>"
    yield "</details>"


def _difference(difference: Difference) -> str:
    head = _text("".join(map(str, difference.head)))
    old = f"<del>{_lines(difference.old)}</del>" if difference.old is not None else ""
    new = f"<ins>{_lines(difference.new)}</ins>" if difference.new is not None else ""
    where = f' <span class="path">{_text(str(difference.location))}</span>' if difference.location else ""
    return f'<li class="{difference.weight.value}">{head}{where}{old}{new}</li>'


def _removed(plan: Plan) -> Iterator[str]:
    if plan.removed:
        heading = f"Removed from git ({len(plan.removed)})"
        yield f'<details class="section removed" open><summary><h2>{heading}</h2></summary>'
        yield "<p>Still there; a deploy deletes nothing, a prune does.</p><ul>"
        yield from (f"<li><b>{_text(f'{one.kind}:{one.name}')}</b> {_text(one.guid)}</li>" for one in plan.removed)
        yield "</ul></details>"


def _settings(settings: Iterable[Setting]) -> Iterator[str]:
    everything = list(settings)
    if not everything:
        return
    yield f'<details class="section" open><summary><h2>To set besides TML ({len(everything)})</h2></summary><ul>'
    for setting in everything:
        yield f"<li><b>{_text(setting.what)}</b> {_text(', '.join(setting.objects))}</li>"
    yield "</ul></details>"


def _affected(affected: Iterable[Affected]) -> Iterator[str]:
    everything = list(affected)
    if not everything:
        return
    yield f'<details class="section" open><summary><h2>Also affected ({len(everything)})</h2></summary><ul>'
    for item in everything:
        git = "" if item.in_release else ' <span class="path">not in git</span>'
        breaks = "".join(f'<p class="breaks">breaks: {_text(text)}</p>' for text in item.breaks)
        yield f"<li><b>{_text(item.label)}</b>{git} uses {_text(', '.join(item.uses))}{breaks}</li>"
    yield "</ul></details>"


def _findings(findings: Iterable[Finding]) -> Iterator[str]:
    everything = list(findings)
    if not everything:
        return
    yield '<section class="findings"><h2>Findings</h2><ul>'
    for finding in everything:
        where = f' <span class="path">{_text(str(finding.location))}</span>' if finding.location else ""
        hint = f"<p>{_text(finding.hint)}</p>" if finding.hint else ""
        text = f"<b>{_text(finding.code)}</b> {_text(finding.message)}"
        yield f'<li class="{finding.severity.value}">{text}{where}{hint}</li>'
    yield "</ul></section>"


def _text(text: str) -> str:
    return escape(visible(text))


def _lines(text: str) -> str:
    return "<br>".join(_text(line) for line in text.split("\n"))
