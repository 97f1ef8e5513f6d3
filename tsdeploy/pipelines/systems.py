"""The CI systems, as data: a new one is an entry here, and its template beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class System:
    """One CI system: the template of its pipeline, and the file where it looks for it.

    ``remotes`` are words in the addresses of repositories that it builds. ``runs`` is a variable that is set in every
    job, and ``commit`` the one that has the id of the commit.
    """

    template: str
    path: str
    remotes: tuple[str, ...] = ()
    runs: str = "CI"
    commit: str = ""


SYSTEMS: Final = {
    "github": System("github.yml", ".github/workflows/tsdeploy.yml", ("github",), commit="GITHUB_SHA"),
    "gitlab": System("gitlab.yml", ".gitlab-ci.yml", ("gitlab",), commit="CI_COMMIT_SHA"),
    "azure": System(
        "azure.yml", "azure-pipelines.yml", ("dev.azure", "visualstudio"), "TF_BUILD", "BUILD_SOURCEVERSION"
    ),
    "bitbucket": System("bitbucket.yml", "bitbucket-pipelines.yml", ("bitbucket",), commit="BITBUCKET_COMMIT"),
    "jenkins": System("Jenkinsfile", "Jenkinsfile", runs="JENKINS_URL", commit="GIT_COMMIT"),
}
"""By the name that ``tsdeploy init --ci`` knows."""
