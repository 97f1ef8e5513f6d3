"""What makes backups every night, ready to be put where it belongs."""

from __future__ import annotations

import shlex
from pathlib import Path
from string import Template
from typing import Final

SCHEDULES: Final = {
    "cron": Template("""\
# crontab -e    Every night at 02:15. Mail comes only when something is wrong; the log has a line of JSON a night.
15 2 * * *  cd $folder && tsdeploy backup $quoted --format json >> .tsdeploy/backup.log
"""),
    "systemd": Template("""\
# /etc/systemd/system/tsdeploy-backup-$environment.service
[Unit]
Description=Backup of ThoughtSpot $environment
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
WorkingDirectory=$folder
# Secrets as NAME=value; readable by root alone.
EnvironmentFile=/etc/tsdeploy/$environment.env
ExecStart=/usr/bin/env tsdeploy backup $quoted --format json

# /etc/systemd/system/tsdeploy-backup-$environment.timer      systemctl enable --now tsdeploy-backup-$environment.timer
[Unit]
Description=Every night: backup of ThoughtSpot $environment

[Timer]
OnCalendar=*-*-* 02:15
RandomizedDelaySec=15min
Persistent=true

[Install]
WantedBy=timers.target
"""),
    "github": Template("""\
# .github/workflows/backup-$environment.yml
# Needs  backup: {push: true}  in environments/$environment/environment.yaml.
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
      - run: pip install tsdeploy
      - run: tsdeploy backup $quoted --format json
        env:
          TS_SECRET_KEY: $${{ secrets.TS_SECRET_KEY }}
"""),
    "gitlab": Template("""\
# .gitlab-ci.yml
# Needs a pipeline schedule, and  backup: {push: true}  in environments/$environment/environment.yaml.
backup-$environment:
  image: python:3.12
  resource_group: backup-$environment
  rules:
    - if: $$CI_PIPELINE_SOURCE == "schedule"
  script:
    - git remote set-url origin "https://oauth2:$${PUSH_TOKEN}@$${CI_SERVER_HOST}/$${CI_PROJECT_PATH}.git"
    - git fetch origin "+refs/heads/$branch*:refs/heads/$branch*"
    - pip install tsdeploy
    - tsdeploy backup $quoted --format json
"""),
}
"""Name → the template of its file."""


def schedule(name: str, environment: str, branch: str, folder: Path) -> str:
    """A schedule for an environment whose project is in a folder, and whose backups go to a branch."""
    words = {"quoted": shlex.quote(environment), "folder": shlex.quote(str(folder))}
    return SCHEDULES[name].substitute(words, environment=environment, branch=branch)
