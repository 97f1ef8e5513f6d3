"""The rules of this package, as data. Others are added through an entry point, see ``foreign``."""

from __future__ import annotations

from tsdeploy.check import columns, liveboards, look_alikes, models, references, row_level_security, secrets, structure
from tsdeploy.check.rule import Rule
from tsdeploy.errors import Severity
from tsdeploy.tml.loose_ends import AMBIGUOUS, DANGLING

_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

RULES: tuple[Rule, ...] = (
    Rule("TD110", "Two files with one identity", _ERROR, references.find_duplicates),
    Rule("TD111", "Unknown kind of object", _WARNING, references.find_unknown_kinds),
    Rule(DANGLING, "Reference to an object that is in no file", _ERROR, references.find_dangling),
    Rule(AMBIGUOUS, "Reference by a name that several objects have", _ERROR, references.find_ambiguous),
    Rule("TD123", "Field of the wrong shape", _ERROR, structure.find_wrong_shapes),
    Rule("TD124", "Unknown value", _WARNING, structure.find_unknown_values),
    Rule("TD125", "Unknown field", _INFO, structure.find_unknown_fields),
    Rule("TD132", "Two objects of one kind with the same name", _WARNING, references.find_same_names),
    Rule("TD133", "Two tables bound to one warehouse table", _ERROR, references.find_same_tables),
    Rule("TD134", "Two objects of one kind whose names only look the same", _WARNING, look_alikes.find_look_alikes),
    Rule("TD140", "Column that its table does not have", _ERROR, columns.find_missing_columns),
    Rule("TD141", "Formula that is not there", _ERROR, columns.find_missing_formulas),
    Rule("TD142", "Name that stands twice in one object", _ERROR, models.find_doubled_names),
    Rule("TD143", "Join that leads nowhere", _ERROR, models.find_broken_joins),
    Rule("TD144", "Join path that leads nowhere", _ERROR, models.find_broken_paths),
    Rule("TD145", "Column that none of its sources has", _WARNING, columns.find_missing_names),
    Rule("TD150", "Visualization that is not there", _ERROR, liveboards.find_missing_visualizations),
    Rule("TD151", "Visualization id that stands twice", _ERROR, liveboards.find_doubled_visualizations),
    Rule("TD160", "Secret written out", _ERROR, secrets.find_written_secrets),
    Rule("TD161", "Secret hidden in a text", _ERROR, secrets.find_hidden_secrets),
    Rule("TD170", "Row-level security rule without a column", _ERROR, row_level_security.find_rules_without_column),
    Rule("TD171", "Row-level security rule on an unknown table", _ERROR, columns.find_unknown_aliases),
)
"""The rules of this package, by code."""
