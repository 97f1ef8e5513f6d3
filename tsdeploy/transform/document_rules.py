"""The rules of a mapping as they apply to one document; each one that decides something is noted."""

from __future__ import annotations

from dataclasses import dataclass

from tsdeploy.mapping.locations import TableLocation
from tsdeploy.mapping.model import Mapping, PropertyRule, Scope, TableRule, TextRule
from tsdeploy.mapping.names import NameRule, NameRules
from tsdeploy.transform.ledger import Category, Ledger, Outcome
from tsdeploy.transform.scopes import Scopes


@dataclass(frozen=True, slots=True)
class DocumentRules:
    """The view that one document has of the mapping; ``environment`` is the target's name, for messages."""

    mapping: Mapping
    environment: str
    scopes: Scopes
    ledger: Ledger
    key: str

    def applies(self, scope: Scope) -> bool:
        """Whether the document is in a rule's scope."""
        return self.scopes.covers(scope, self.key)

    def name(self, rules: NameRules, category: Category, name: str) -> tuple[str, NameRule | None]:
        """What a name becomes, and the rule that says so; the name itself and None where none does."""
        folded = name.lower() if category is Category.HOSTS else name
        found = [rule for rule in rules.covering(folded) if self.applies(rule.scope)]
        if not found:
            self.ledger.enter(category, name, Outcome.UNMAPPED)
            return name, None
        target = found[0].apply(folded) or ""
        self.ledger.use(found[0])
        self.ledger.match(found[1:])
        self.ledger.enter(category, name, Outcome.KEPT if target == folded else Outcome.MAPPED)
        return target, found[0]

    def bound(self, *identities: str) -> NameRule | None:
        """The binding by hand of the first of the identities that has one."""
        for identity in identities:
            rule = self.mapping.objects.get(identity)
            if rule is not None:
                self.ledger.use(rule)
                return rule
        return None

    def move(self, table: TableLocation) -> tuple[TableLocation, dict[str, TableRule]]:
        """Where a table goes, and why; see ``Mapping.move``."""
        moved, why = self.mapping.move(table, self.applies)
        self._note(table, why)
        return moved, why

    def covers(self, table: TableLocation, part: str) -> bool:
        """Whether a rule says where this part of a location goes."""
        return any(rule.speaks_of(part) for rule in self.mapping.table_rules(table, self.applies))

    def properties(self) -> list[PropertyRule]:
        """The rules for properties of this document."""
        return [rule for rule in self.mapping.properties if self.applies(rule.scope)]

    def texts(self) -> list[TextRule]:
        """The rules for text of this document."""
        return [rule for rule in self.mapping.text if self.applies(rule.scope)]

    def _note(self, table: TableLocation, why: dict[str, TableRule]) -> None:
        covering = self.mapping.table_rules(table, self.applies)
        deciding = {id(rule) for rule in why.values()}
        self.ledger.match(covering)
        for rule in covering:
            # A rule that gives no part says that its tables stay where they are.
            if id(rule) in deciding or not rule.target.given():
                self.ledger.use(rule)
