"""What must not be imported to print a help page: start-up time is kept by keeping imports away."""

from __future__ import annotations

import subprocess
import sys

_HEAVY = ("requests", "git", "jsonschema", "yaml", "rich", "flask", "ruamel")


def test_help_imports_no_heavy_module() -> None:
    program = (
        "import sys\nfrom tsdeploy.cli.main import run\nassert run(['--help']) == 0\n"
        f"print([name for name in {_HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
