"""Every check there is, in the order in which they run. A new one is a function, and a line here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tsdeploy.config.project import Project
from tsdeploy.doctor.account import (
    check_clock,
    check_credentials,
    check_org,
    check_privileges,
    check_sign_in,
    check_token,
)
from tsdeploy.doctor.check import Check, Deadline, Line, remarks_of, run_checks
from tsdeploy.doctor.features import check_obj_ids, check_rate_limit, check_release
from tsdeploy.doctor.network import check_connection, check_name, check_proxy
from tsdeploy.doctor.place import (
    Place,
    check_disk,
    check_drivers,
    check_files,
    check_git,
    check_ignored,
    check_line_ends,
    check_project,
    check_versions,
)
from tsdeploy.doctor.releases import check_lock, check_unfinished
from tsdeploy.doctor.tls import check_tls
from tsdeploy.doctor.visit import Visit, impatient_session
from tsdeploy.errors import ConfigError

SECONDS: Final = 60.0
"""How long to begin new checks of one place, unless told otherwise."""

LOCAL: Final = (
    Check("versions", check_versions),
    Check("git", check_git),
    Check("line ends", check_line_ends),
    Check("git drivers", check_drivers),
    Check("project", check_project, vital=True),
    Check("disk", check_disk),
    Check("files", check_files),
    Check("ignored", check_ignored),
)
ENVIRONMENT: Final = (
    Check("lock", check_lock),
    Check("releases", check_unfinished),
    Check("proxy", check_proxy, vital=True),
    Check("name", check_name, vital=True),
    Check("connection", check_connection, vital=True),
    Check("TLS", check_tls, vital=True),
    Check("credentials", check_credentials, vital=True),
    Check("sign-in", check_sign_in, vital=True),
    Check("token", check_token),
    Check("clock", check_clock),
    Check("org", check_org),
    Check("privileges", check_privileges),
    Check("release", check_release),
    Check("obj_ids", check_obj_ids),
    Check("rate limit", check_rate_limit),
)


def examine_place(place: Place, seconds: float = SECONDS) -> Iterator[Line]:
    """Look at what is on this machine; no check is begun when the time is over."""
    yield from run_checks(LOCAL, place, Deadline.after(seconds))


def examine_environment(project: Project, name: str, seconds: float = SECONDS) -> Iterator[Line]:
    """Look at an environment and its server; what is written stays as it is, here and there.

    Raises ConfigError TD306 when there is no such environment.
    """
    try:
        environment = project.environment(name)
    except ConfigError as error:
        if name not in project.environment_names():
            raise
        yield from (Line("file", remark) for remark in remarks_of(error))
        return
    with impatient_session(environment) as session:
        yield from run_checks(ENVIRONMENT, Visit(project, environment, session), Deadline.after(seconds))
