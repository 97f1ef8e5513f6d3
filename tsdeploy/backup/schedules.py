"""What makes backups every night, ready to be put where it belongs."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Final

from tsdeploy.errors import Finding, UsageError
from tsdeploy.version import __version__

SCHEDULES: Final = {
    "cron": Template("""\
# crontab -e    Every night at 02:15. Mail comes only when something is wrong; the log has a line of JSON a night.
# Secrets stand in /etc/tsdeploy/$environment.env as NAME='value', readable by this user alone: $secrets
15 2 * * *  cd $cron_folder && mkdir -p .tsdeploy && set -a && . /etc/tsdeploy/$environment.env && \
$cron_program backup $environment --format json >> .tsdeploy/backup.log
"""),
    "systemd": Template("""\
# Installs a timer:  tsdeploy backup schedule systemd $environment | sudo sh
# Secrets stand in /etc/tsdeploy/$environment.env as NAME='value', readable by root alone: $secrets
cat > /etc/systemd/system/tsdeploy-backup-$environment.service <<'END'
[Unit]
Description=Backup of ThoughtSpot $environment
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User=$user
WorkingDirectory=$unit_folder
EnvironmentFile=/etc/tsdeploy/$environment.env
ExecStart=$unit_program backup $environment --format json
END
cat > /etc/systemd/system/tsdeploy-backup-$environment.timer <<'END'
[Unit]
Description=Every night: backup of ThoughtSpot $environment

[Timer]
OnCalendar=*-*-* 02:15
RandomizedDelaySec=15min
Persistent=true

[Install]
WantedBy=timers.target
END
systemctl daemon-reload
systemctl enable --now tsdeploy-backup-$environment.timer
"""),
    "github": Template("""\
# .github/workflows/backup-$environment.yml
# Needs  backup: {push: true}  in environments/$environment/environment.yaml, and the repository's secrets $secrets.
name: Backup of $environment
on:
  schedule:
    - cron: "15 2 * * *"
  workflow_dispatch:
permissions:
  contents: write
concurrency: backup-$environment
jobs:
  backup:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: git fetch origin '+refs/heads/$branch*:refs/heads/$branch*'
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: pip install --quiet "tsdeploy==$version"
      - run: tsdeploy backup $environment --format json
        env:
$github_secrets
"""),
    "gitlab": Template("""\
# .gitlab-ci.yml
# Needs  backup: {push: true}  in environments/$environment/environment.yaml, a pipeline schedule, and as masked CI/CD
# variables $secrets and PUSH_TOKEN, a project access token that may write the repository.
backup-$environment:
  image: python:3.12
  resource_group: backup-$environment
  rules:
    - if: $$CI_PIPELINE_SOURCE == "schedule"
  script:
    - git config credential.helper '!f() { echo username=oauth2; echo "password=$$PUSH_TOKEN"; }; f'
    - git remote set-url origin "https://$${CI_SERVER_HOST}/$${CI_PROJECT_PATH}.git"
    - git fetch origin "+refs/heads/$branch*:refs/heads/$branch*"
    - pip install --quiet "tsdeploy==$version"
    - tsdeploy backup $environment --format json
"""),
}
"""Name → the template of its file."""

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,60}")
_BRANCH: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]{0,200}")


@dataclass(frozen=True, slots=True)
class Machine:
    """Where a schedule of this machine runs: the project's folder, the path of tsdeploy, the user's name."""

    folder: Path
    program: str
    user: str


def schedule(name: str, environment: str, branch: str, secrets: Sequence[str], machine: Machine) -> str:
    """A schedule for an environment whose backups go to a branch; ``secrets`` are the variables that it signs in with.

    Raises UsageError TD545 for a name, a branch or a folder that could not stand in one.
    """
    places = (str(machine.folder), machine.program)
    if not (_NAME.fullmatch(environment) and _BRANCH.fullmatch(branch)) or not all(map(str.isprintable, places)):
        hint = "use letters, digits, dots, dashes and underscores"
        message = (
            f"the environment {environment}, its branch {branch} or the project's folder cannot stand in a schedule"
        )
        raise UsageError(Finding("TD545", message, hint=hint))
    folder, program = (shlex.quote(place) for place in places)
    return SCHEDULES[name].substitute(
        environment=environment,
        branch=branch,
        version=__version__,
        user=machine.user,
        secrets=", ".join(secrets),
        github_secrets="\n".join(f"          {one}: ${{{{ secrets.{one} }}}}" for one in secrets),
        # In a crontab, % is a new line; in a unit, % and $ begin what is replaced.
        cron_folder=folder.replace("%", r"\%"),
        cron_program=program.replace("%", r"\%"),
        unit_folder=places[0].replace("%", "%%"),
        unit_program=program.replace("%", "%%").replace("$", "$$"),
    )
