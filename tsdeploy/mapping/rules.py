"""What other rooms use of mapping files: the nouns, and reading them."""

from __future__ import annotations

from tsdeploy.mapping.locations import TableLocation
from tsdeploy.mapping.model import ColumnRule, Mapping, PropertyRule, Rule, Strategy, TableRule, TextRule
from tsdeploy.mapping.names import NameRule, NameRules
from tsdeploy.mapping.reading import load_mapping

__all__ = [
    "ColumnRule",
    "Mapping",
    "NameRule",
    "NameRules",
    "PropertyRule",
    "Rule",
    "Strategy",
    "TableLocation",
    "TableRule",
    "TextRule",
    "load_mapping",
]
