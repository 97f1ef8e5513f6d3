"""An Org with an object of every kind, with tags, shares and owners; and ways to lose it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Estate
from tsdeploy.backup.places import store_of
from tsdeploy.backup.store import Store
from tsdeploy.rest import ImportPolicy, ObjectRef, Session, assign_tags, create_tag, import_tml
from tsdeploy.rest.sharing import Permission, assign_owner, share
from tsdeploy.sandbox import NewGroup, NewUser, add_group, add_user

BOARD = "04829e91-0776-4a3a-bf88-a0ce9e745fb4"
ANSWER = "86d3a189-1ac7-42ba-bba2-aa92bf36defc"
MODEL = "9a5c5542-7e89-4749-ab04-f13c30a823fc"
SALES = "5da37430-e2ff-4a20-9c6d-79416ba67a8c"
ALIAS = (
    f"column_alias:\n  name: Retail Sales\n  model:\n    name: Retail Sales\n    fqn: {MODEL}\n"
    "  columns:\n  - name: Net Sales\n    description: In the shop's own money\n"
)
RULES = (
    f"column_security_rules:\n  name: SALES\n  table:\n    name: SALES\n    fqn: {SALES}\n"
    "  rules:\n  - column_name: TENANT_CODE\n    accessible_groups:\n    - group_name: Web Shop\n"
)


def put(session: Session, *texts: str) -> None:
    """Import TML; it has to work."""
    items = import_tml(session, texts, ImportPolicy.ALL_OR_NONE)
    assert [item.status.value for item in items] == ["OK"] * len(texts), items


@pytest.fixture
def shop(retail: Estate) -> Estate:
    """The retail samples in dev, and around them what TML does not hold."""
    cluster = retail.clusters["dev"]
    with cluster.database.transaction():
        add_group(cluster, NewGroup(name="Web Shop"))
        add_user(cluster, NewUser(name="ann", groups=("Web Shop",)))
        add_user(cluster, NewUser(name="ben"))
    with retail.session("dev") as session:
        put(session, ALIAS)
        put(session, RULES)
        create_tag(session, "release", "#ff78a9")
        create_tag(session, "draft")
        assign_tags(session, [ObjectRef(BOARD), ObjectRef(SALES)], ["release"])
        assign_tags(session, [ObjectRef(BOARD)], ["draft"])
        share(session, [ObjectRef(BOARD)], [Permission("Web Shop", "USER_GROUP", "READ_ONLY")])
        share(session, [ObjectRef(ANSWER)], [Permission("ben", "USER", "MODIFY")])
        assign_owner(session, [ObjectRef(BOARD)], "ann")
    return retail


Lose = Callable[..., None]


@pytest.fixture
def lose(shop: Estate) -> Lose:
    """Delete objects of dev by GUID, all of them where none is named, and then the tags as well."""

    def delete(*guids: str) -> None:
        cluster = shop.clusters["dev"]
        everything = [item.guid for item in cluster.objects.in_org(0)]
        with cluster.database.transaction():
            cluster.objects.delete(guids or everything)
            for tag in () if guids else cluster.tags.all(0):
                cluster.tags.delete(tag)

    return delete


def store(estate: Estate) -> Store:
    """Where the backups of dev are."""
    return store_of(estate.project, estate.project.environment("dev"))


def contents(estate: Estate, *, only_tml: bool = False) -> dict[str, bytes]:
    """The files of dev's latest backup but for the manifest, which has times in it."""
    kept = store(estate)
    head = kept.head()
    wanted = [path for path in kept.paths(head) if path != "manifest.json"]
    return {path: text for path, text in kept.files(head, wanted) if path.startswith("tml/") or not only_tml}
