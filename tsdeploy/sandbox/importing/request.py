"""What a TML import asks for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Policy(Enum):
    """What happens to the rest when an object fails. Source: facts about the REST API, section 7."""

    PARTIAL = "PARTIAL"
    """Good objects are written; an object with a bad part fails as a whole."""
    ALL_OR_NONE = "ALL_OR_NONE"
    """One failure, and nothing is written."""
    VALIDATE_ONLY = "VALIDATE_ONLY"
    """Nothing is written."""
    PARTIAL_OBJECT = "PARTIAL_OBJECT"
    """Good objects are written, and the others without their bad visualizations, joins or security rules."""


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """One import: the TML texts, who sends them into which Org, and how.

    ``large_metadata`` reads large Models too; ``keep_personal_views`` keeps the views of a Liveboard that are not in
    its text; ``all_orgs`` updates objects in whatever Org they are. ``keep_guids`` is for loading what was exported:
    a free GUID is kept beside an obj_id, too.
    """

    texts: tuple[str, ...]
    org_id: int
    org_name: str
    user_id: str
    policy: Policy = Policy.PARTIAL
    create_new: bool = False
    skip_diff_check: bool = False
    large_metadata: bool = False
    keep_personal_views: bool = False
    all_orgs: bool = False
    keep_guids: bool = False
