"""How far a mapping covers a release, as a table."""

from __future__ import annotations

from collections.abc import Iterator

from tsdeploy.cli.output import safe
from tsdeploy.transform.ledger import Coverage, Outcome

_COLUMNS = (Outcome.MAPPED, Outcome.KEPT, Outcome.VARIABLE, Outcome.UNMAPPED)
_WIDTH = 18


def coverage_lines(environment: str, coverage: Coverage) -> Iterator[str]:
    """The table of one environment: names and identities by what becomes of them; nothing for an empty release."""
    if not coverage.rows:
        return
    heads = "".join(f"{outcome.value:>10}" for outcome in _COLUMNS)
    yield f"{safe(environment):{_WIDTH}}{heads}"
    for row in coverage.rows:
        counts = "".join(f"{row.count(outcome) or '·':>10}" for outcome in _COLUMNS)
        yield f"  {row.category.value:{_WIDTH - 2}}{counts}"


def coverage_json(coverage: Coverage) -> dict[str, object]:
    """The table as plain data, with what is not mapped by name."""
    return {
        "categories": {
            row.category.value: {outcome.value: row.count(outcome) for outcome in _COLUMNS} for row in coverage.rows
        },
        "unmapped": [{"category": category.value, "name": name} for category, name in coverage.unmapped],
    }
