"""The page behind a code, whether this package or another one brings it."""

from __future__ import annotations

from tsdeploy.check.foreign import find_rules
from tsdeploy.errors import Finding, UsageError
from tsdeploy.explain.pages import all_pages
from tsdeploy.nearest import nearest

_MOST = 10
"""Codes that are named as a guess."""


def explain_code(code: str) -> str:
    """What a code means, why it matters and what to do, as Markdown. Raises UsageError TD007 for what is no code."""
    wanted = code.upper()
    page = all_pages().get(wanted)
    return page.markdown if page else _of_foreign_rule(wanted)


def _of_foreign_rule(code: str) -> str:
    rules = {rule.code.upper(): rule for rule in find_rules().rules}
    rule = rules.get(code)
    if rule is None:
        known = [*all_pages(), *rules]
        begins_so = [one for one in known if one.startswith(code)]
        guess = f"did you mean {', '.join(begins_so[:_MOST])}?" if begins_so else nearest(code, known)
        hint = guess or "tsdeploy explain  lists all codes"
        raise UsageError(Finding("TD007", f"there is no code {code}", hint=hint))
    return f"# {rule.code}: {rule.title}\n\n{rule.help}"
