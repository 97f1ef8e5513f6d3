"""Whatever stands in a file: findings, never a traceback; and twice the files are twice the work, not more."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from types import FrameType

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.check.looking import RETAIL
from tests.check.test_models import WORKSHEET
from tests.check.test_row_level_security import with_rules
from tests.check.test_secrets import ACTION, CONNECTION
from tsdeploy.check.context import make_context
from tsdeploy.check.foreign import Registry
from tsdeploy.check.rules import RULES
from tsdeploy.check.run import CheckReport
from tsdeploy.check.sarif import check_sarif
from tsdeploy.cli.check import report_json
from tsdeploy.tml.folder import read_documents
from tsdeploy.tml.syntax import Plain, parse, to_plain

TREES = [to_plain(parse(text, name)) for name, text in {**with_rules(), "Old.tml": WORKSHEET, **RETAIL}.items()]
TREES += [to_plain(parse(text.format(password="a", key="b", token="c"), "x")) for text in (CONNECTION, ACTION)]
JUNK: st.SearchStrategy[Plain] = st.recursive(
    st.sampled_from(["", "x", "[a::b]", "formula_", "::", "[", "${", "\u202e", "SALES", "Viz_1"]),
    lambda children: (
        st.lists(children, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "id", "fqn", "obj_id", "value", "key", "", "type"]), children, max_size=3
        )
    ),
    max_leaves=5,
)


@st.composite
def damaged(draw: st.DrawFn) -> Plain:
    """A real tree in which one node is something else."""
    return damage(draw(st.sampled_from(TREES)), draw)


def damage(tree: Plain, draw: st.DrawFn) -> Plain:
    deeper = isinstance(tree, (dict, list)) and tree and draw(st.integers(0, 9))
    if not deeper:
        return draw(JUNK)
    if isinstance(tree, dict):
        chosen = draw(st.sampled_from(sorted(tree)))
        return {key: damage(value, draw) if key == chosen else value for key, value in tree.items()}
    assert isinstance(tree, list)
    place = draw(st.integers(0, len(tree) - 1))
    return [damage(item, draw) if number == place else item for number, item in enumerate(tree)]


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(damaged(), min_size=1, max_size=4))
def test_damaged_documents_end_in_findings(trees: list[Plain]) -> None:
    files = [(f"{number}.tml", json.dumps(tree).encode()) for number, tree in enumerate(trees)]
    content = read_documents([*files, *((name, text.encode()) for name, text in RETAIL.items())])
    found = tuple(Registry(RULES).run(make_context(content.documents)))
    json.dumps([check_sarif(CheckReport(len(files), found, (), RULES)), report_json(CheckReport(1, found, (), RULES))])


def calls(action: Callable[[], object]) -> int:
    """How many Python functions an action calls: a measure of work that no other process disturbs."""
    count = 0

    def tally(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(tally)
    try:
        action()
    finally:
        sys.setprofile(None)
    return count


def copies(number: int) -> list[tuple[str, bytes]]:
    """So many copies of a closed folder, each with identities and names of its own."""
    files = []
    for copy in range(number):
        for name, text in RETAIL.items():
            own = text.replace("11111111-", f"{copy:08x}-").replace("name: Retail", f"name: Retail {copy}")
            own = own.replace("name: SALES\n", f"name: SALES{copy}\n").replace("id: Retail", f"id: Retail {copy}")
            files.append((f"{copy}/{name}", own.encode()))
    return files


def test_work_grows_with_the_number_of_documents_and_not_faster() -> None:
    def look(number: int) -> int:
        files = copies(number)
        return calls(lambda: list(Registry(RULES).run(make_context(read_documents(files).documents))))

    look(1)
    assert look(80) < 2.2 * look(40)
