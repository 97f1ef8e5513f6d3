"""How bad it is what happens to an object: by what changes in it, and by who uses what goes away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tsdeploy.review.losses import Losses, lost_columns
from tsdeploy.review.reach import Reach
from tsdeploy.review.report import ReviewedObject
from tsdeploy.review.risk import Judged, Risk, judge, takes_away
from tsdeploy.review.wording import counted
from tsdeploy.tml.columns.offered import ColumnKind, columns_of, offers_columns
from tsdeploy.tml.columns.use import ColumnRef
from tsdeploy.tml.compare import DocumentPair
from tsdeploy.tml.difference.change import Difference, Phrase, Quoted
from tsdeploy.tml.document import Document

_SHOWN_STILL = "a column still shows it, and will show nothing"
_NAMED = 3
"""How many users a sentence names."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What judging needs to know of the users of objects and columns."""

    reach: Reach
    losses: Losses

    def of(self, pair: DocumentPair, told: Iterable[Difference]) -> ReviewedObject:
        """An object with the risk of each of its differences."""
        before, after = pair.before, pair.after
        if after is None:
            return self._removed(pair)
        if before is None:
            return ReviewedObject(None, after, own_risk=Risk.ORDINARY)
        lost = frozenset(lost_columns(pair))
        changes = (self._judged(one, before, after, lost) for one in told)
        return ReviewedObject(before, after, tuple(sorted(changes, key=lambda change: change.risk.rank)))

    def _removed(self, pair: DocumentPair) -> ReviewedObject:
        users = self.reach.users(pair.newest)
        if users:
            return ReviewedObject(pair.before, None, own_risk=Risk.BREAKING, why=_named(users))
        if offers_columns(pair.newest):
            why = "nothing in git uses it; what people built themselves may. A deploy deletes nothing"
            return ReviewedObject(pair.before, None, own_risk=Risk.RISKY, why=(why,))
        return ReviewedObject(pair.before, None, own_risk=Risk.ORDINARY, why=("a deploy deletes nothing",))

    def _judged(self, difference: Difference, before: Document, after: Document, lost: frozenset[str]) -> Judged:
        found = judge(difference, before, after)
        if difference.what == "object.renamed" and (callers := self.reach.callers(after)):
            return Judged(difference, Risk.BREAKING, _named(callers))
        if not takes_away(difference, after):
            return found
        name = next((part.text for part in difference.subject if isinstance(part, Quoted)), "")
        if name not in lost:
            return Judged(difference, Risk.BREAKING, (_SHOWN_STILL,)) if _is_shown_still(name, after) else found
        users = self.losses.users(ColumnRef(self.reach.key_of(after), name))
        if users:
            return Judged(difference, Risk.BREAKING, _named(users))
        return Judged(difference, Risk.RISKY, ("nothing in git uses it; what people built themselves may",))


def _is_shown_still(name: str, document: Document) -> bool:
    """Whether a column still shows a formula that is no more."""
    columns = columns_of(document)
    column = columns.get(name)
    if column is None or column.kind is not ColumnKind.COLUMN:
        return False
    shown = column.blocks[0][0].text_of("formula_id")
    formulas = (one for one in columns.values() if one.kind is ColumnKind.FORMULA)
    return bool(shown) and all(shown not in formula.ways for formula in formulas)


def _named(users: Sequence[str]) -> Phrase:
    """``3 objects still use``, with the first few by name."""
    names = tuple(part for user in users[:_NAMED] for part in (", ", Quoted(user)))[1:]
    more = f" and {len(users) - _NAMED} more" if len(users) > _NAMED else ""
    return (f"{counted(len(users), 'object')} still {'uses' if len(users) == 1 else 'use'} it: ", *names, more)
