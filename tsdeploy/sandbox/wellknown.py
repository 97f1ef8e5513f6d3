"""GUIDs that are the same on every ThoughtSpot cluster. Source: ``GET /system`` of the REST API reference."""

from __future__ import annotations

from typing import Final

TSADMIN_ID: Final = "59481331-ee53-42be-a548-bd87be6ddd4a"
TSADMIN_NAME: Final = "tsadmin"
TSADMIN_DISPLAY_NAME: Final = "Administrator"
SYSTEM_USER_ID: Final = "67e15c06-d153-4924-a4cd-ff615393b60f"
SYSTEM_USER_NAME: Final = "system"
SUPER_USER_ID: Final = "0f0dd0f7-7411-4195-a4aa-0dc6b58413c9"
SUPER_USER_NAME: Final = "su"
HIDDEN_OBJECT_ID: Final = "31745bb4-defd-4e8b-8de9-8fd01db78827"
SYSTEM_GROUP_ID: Final = "179d8867-cf36-4a8d-a019-63a226fd3196"
ADMIN_GROUP_ID: Final = "d0326b56-ef23-4c8a-8327-a30e99bcc72b"
ADMIN_GROUP_NAME: Final = "Administrator"
ALL_TABLES_CONNECTION_ID: Final = "bfc6feb4-8dac-402c-8ae8-78b43d318777"
ALL_USER_GROUP_ID: Final = "b25ee394-9d13-49e3-9385-cd97f5b253b4"
ALL_USER_GROUP_NAME: Final = "All"
TENANT_ID: Final = "982d6da9-9cd1-479e-b9a6-35aa05f9282a"

PRIMARY_ORG_ID: Final = 0
PRIMARY_ORG_NAME: Final = "Primary"

ADMIN_PRIVILEGES: Final = ("ADMINISTRATION", "DATAMANAGEMENT", "DATADOWNLOADING", "AUTHORING", "USERDATAUPLOADING")
"""What the group Administrator grants, as ``session/user`` shows it for tsadmin."""

CREATED: Final = 1354006445722
"""When the principals of every cluster were made, in milliseconds since the epoch."""
