"""Any field by its path, and literal text: what rules say of places that no other section speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tsdeploy.config.secrets import Secret
from tsdeploy.errors import Finding
from tsdeploy.mapping.model import PropertyRule, TextRule
from tsdeploy.mapping.places import find_scalars
from tsdeploy.tml.catalogue import Promotion
from tsdeploy.tml.patterns import pattern_of, pattern_text
from tsdeploy.tml.syntax import Path, path_text, walk
from tsdeploy.tml.unfollowed import unfollowed
from tsdeploy.transform.document_rules import DocumentRules
from tsdeploy.transform.ledger import Category, Outcome
from tsdeploy.transform.rewriting import Rewriting, because

_NEVER_ESCAPED = re.compile(r"[A-Za-z0-9_.-]+")
"""Text that stands in a file as it is, whatever the quotes: where it does not, no scalar needs to be looked at."""


def rewrite_properties(
    rewriting: Rewriting, rules: DocumentRules, secrets: list[tuple[Path, Secret]]
) -> Iterator[Finding]:
    """Do what rules for properties say; references to secrets are collected.

    TD229 for a secret that is written out, TD240 for one that would be put where everybody can read it.
    """
    document = rewriting.document
    for rule in rules.properties():
        for path, scalar in find_scalars(document.body, rule.steps, (document.kind.root,)):
            if rule.only is not None and rewriting.value(scalar) != rule.only:
                continue
            rules.ledger.use(rule)
            if rule.secret is not None:
                if document.kind.root != "connection" and not _is_secret(document.kind.root, path):
                    yield _would_be_read(rule)
                secrets.append((path, rule.secret))
                rewriting.set(scalar, str(rule.secret), at=path_text(path), why=because(rule))
            elif rule.to is not None:
                if rule.to and not rule.to.startswith("${") and _is_secret(document.kind.root, path):
                    yield _written_out(rule)
                rewriting.set(scalar, rule.to, at=path_text(path), why=because(rule))
            outcome = Outcome.KEPT if rewriting.value(scalar) == scalar.value else Outcome.MAPPED
            rules.ledger.enter(Category.PROPERTIES, f"{document.label} {path_text(path)}", outcome)


def rewrite_text(rewriting: Rewriting, rules: DocumentRules) -> None:
    """Replace literal text, one rule after the other."""
    document = rewriting.document
    texts = rules.texts()
    if not any(rule.find in document.text or not _NEVER_ESCAPED.fullmatch(rule.find) for rule in texts):
        return
    for path, scalar in walk(document.root):
        for rule in texts:
            if rule.find in rewriting.value(scalar) and in_scope(rule, path):
                rules.ledger.use(rule)
                value = rewriting.value(scalar).replace(rule.find, rule.to)
                rewriting.set(scalar, value, at=path_text(path), why=because(rule))


def in_scope(rule: TextRule, path: Path) -> bool:
    """Whether the steps of a rule's path stand in a row in a path, list positions aside."""
    wanted = [step for step in rule.path.replace("[]", "").split(".") if step]
    steps = [step for step in path if isinstance(step, str)]
    return not wanted or any(steps[at : at + len(wanted)] == wanted for at in range(len(steps)))


def _is_secret(root: str, path: Path) -> bool:
    """Whether a place is made for secrets alone. A connection's properties hold both; there the key decides."""
    written = pattern_text(pattern_of(path))
    return root != "connection" and any(
        place.pattern == written and place.promotion is Promotion.SECRET for place in unfollowed(root)
    )


def _would_be_read(rule: PropertyRule) -> Finding:
    hint = "secrets go into connections, and into the fields of other objects that are made for them"
    return Finding("TD240", f"{rule.secret} would be put where everybody can read it", rule.location, hint=hint)


def _written_out(rule: PropertyRule) -> Finding:
    hint = 'write  secret: "${env:NAME}"  and put the secret into the environment of the run'
    return Finding("TD229", f"a secret is written out: {rule.path}", rule.location, hint=hint)
