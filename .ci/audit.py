"""Known vulnerabilities in what the package depends on: those of the environment that this is run in.

    python .ci/audit.py

Fails when there is one. Where the service that knows them cannot be reached, that is said, and nothing fails.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

_SECONDS = 60
_OURS = "tsdeploy"


def installed() -> list[str]:
    """What is installed beside this project, pinned."""
    found = {one.metadata["Name"]: one.version for one in distributions() if one.metadata["Name"] != _OURS}
    return [f"{name}=={version}" for name, version in sorted(found.items())]


def audit(pins: list[str]) -> list[dict[str, Any]]:
    """What pip-audit says of each, nothing where it does not come to an end."""
    with tempfile.TemporaryDirectory() as name:
        asked, answer = Path(name) / "requirements.txt", Path(name) / "audit.json"
        asked.write_text("\n".join(pins) + "\n", encoding="utf-8")
        command = ["pip-audit", "--disable-pip", "--no-deps", "--progress-spinner=off", "--format=json"]
        command += [f"--requirement={asked}", f"--output={answer}"]
        try:
            subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603 - our own words
            return list(json.loads(answer.read_bytes())["dependencies"])
        except (OSError, ValueError, KeyError, subprocess.TimeoutExpired):
            return []


def main() -> int:
    """1 when a dependency has a known vulnerability."""
    pins = installed()
    told = [one for one in audit(pins) if "skip_reason" not in one]
    for one in told:
        for found in one["vulns"]:
            print(f"{one['name']} {one['version']}: {found['id']}; mended in {', '.join(found['fix_versions']) or '-'}")
    if not told:
        print(f"NOT AUDITED: nothing is known of {len(pins)} packages, as the service cannot be reached or knows none.")
    elif len(told) < len(pins):
        print(f"audited {len(told)} of {len(pins)} packages; of the others the service knows nothing")
    else:
        print(f"audited {len(told)} packages")
    return int(any(one["vulns"] for one in told))


if __name__ == "__main__":
    sys.exit(main())
