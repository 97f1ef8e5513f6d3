"""Every code has a page, every page a code; the list of rules in the documentation is the list of rules."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest

from tests.tml.real_files import REPOSITORY
from tsdeploy.check.rules import RULES
from tsdeploy.explain.pages import all_pages, read_page

PACKAGE = REPOSITORY / "tsdeploy"
RULES_PAGE = REPOSITORY / "docs" / "rules.md"
SANDBOX_CODES = {code for code in all_pages() if code[:3] == "TD8"} if not (PACKAGE / "sandbox").exists() else set()
"""The sandbox is a room that can be left out; its pages then stand for codes that are not there."""
HEAD = """\
# Rules of `tsdeploy check`

What a check looks for in TML. Whether the mapping of each environment covers it is checked, too, with the codes
TD2xx; files that cannot be read have TD101 to TD109, or TD112. `tsdeploy explain CODE` says why each matters, and what
to do.

| code | rule | severity |
|---|---|---|
"""


def used_codes() -> set[str]:
    """Every code in the package's modules."""
    sources = (path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    return {code for source in sources for code in re.findall(r"\bTD\d{3}\b", source)}


def test_every_code_has_a_page() -> None:
    assert used_codes() - set(all_pages()) == set()


def test_no_page_is_orphaned() -> None:
    assert set(all_pages()) - used_codes() - SANDBOX_CODES == set()


@pytest.mark.parametrize("code", sorted(all_pages()))
def test_page_has_its_parts(code: str) -> None:
    page = all_pages()[code]
    assert re.findall(r"^## (.+)$", page.markdown, re.MULTILINE) == ["Why it matters", "Example", "What to do"]
    assert page.summary
    assert max(map(len, page.markdown.splitlines())) <= 160


def test_page_stands_in_the_file_of_its_code() -> None:
    files = (resources.files("tsdeploy.explain") / "pages").iterdir()
    assert {file.name for file in files} == {f"{code}.md" for code in all_pages()}


def test_text_without_heading_is_no_page() -> None:
    with pytest.raises(ValueError, match="begins with"):
        read_page("What it means")


def test_codes_that_a_page_names_have_pages() -> None:
    named = {code for page in all_pages().values() for code in re.findall(r"\bTD\d{3}\b", page.markdown)}
    assert named <= set(all_pages())


def test_rules_have_codes_of_their_own() -> None:
    codes = [rule.code for rule in RULES]
    assert codes == sorted(set(codes))


def test_list_of_rules_in_the_documentation(request: pytest.FixtureRequest) -> None:
    wanted = HEAD + "".join(f"| {rule.code} | {rule.title} | {rule.severity.value} |\n" for rule in RULES) + TAIL
    if request.config.getoption("--update"):
        RULES_PAGE.write_text(wanted, encoding="utf-8")
    assert Path(RULES_PAGE).read_text("utf-8") == wanted


TAIL = """\

## Living with a finding

`.tsdeploy-check.yaml` in the project's root says which findings are passed over, and why:

```yaml
version: 1
suppress:
- {rule: TD132, in: "table:OLD_*", reason: kept until the spring release}
- {rule: TD161, in: "tml/liveboard/Public*", reason: the key is public by design}
```

`in` is a selector (`kind:glob`, a name, a GUID, `obj_id:glob`) or a path; `*` and `?` match anything and one
character. An entry without a reason is an error, and one that nothing needs is reported (TD190). SARIF keeps
suppressed findings, with the reason.

## Rules of your own

A package can bring rules. It registers a `tsdeploy.check.rule.Rule`, or a list of them, as an entry point:

```toml
[project.entry-points."tsdeploy.rules"]
acme = "acme_rules:RULES"
```

```python
from tsdeploy.check.rule import Rule
from tsdeploy.tml.spots import body
from tsdeploy.errors import Severity


def unnamed(context):
    for document in context.documents:
        name = body(document).get("name")
        if name is not None and name.text.startswith("Copy of"):
            yield name.finding("ACME1", "copies need a name of their own", severity=Severity.WARNING)


RULES = [Rule("ACME1", "Copy without a name", Severity.WARNING, unnamed, "Rename the copy.")]
```

Installed packages run with the rights of whoever runs the check. A rule that breaks is reported (TD191), and the
others still run.
"""
