"""``python -m tsdeploy.sandbox NAME``: run one sandbox in the foreground; what ``start_detached`` starts."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tsdeploy.errors import TsdeployError
from tsdeploy.sandbox.launching import Launch
from tsdeploy.sandbox.processes import run_foreground
from tsdeploy.sandbox.registry import LOOPBACK
from tsdeploy.sandbox.settings import read_settings


def main(arguments: list[str] | None = None) -> int:
    """Run a sandbox; the exit code."""
    try:
        run_foreground(_launch(arguments))
    except TsdeployError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


def _launch(arguments: list[str] | None) -> Launch:
    parser = argparse.ArgumentParser(prog="python -m tsdeploy.sandbox", description="Run a local ThoughtSpot.")
    parser.add_argument("name", help="1 to 40 of a-z, 0-9 and -")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--host", default=LOOPBACK, help="the address to listen on")
    parser.add_argument("--home", type=Path, help="the folder of all sandboxes")
    parser.add_argument("--load", type=Path, help="fill an empty cluster from a folder of TML")
    parser.add_argument("--warehouse", type=Path, help="a file that says what warehouses have")
    parser.add_argument("--admin-token-env", default="", help="the variable with the token of the admin API")
    parser.add_argument("--settings", type=json.loads, default={}, help="JSON of the settings by name")
    given = parser.parse_args(arguments)
    return Launch(
        name=given.name,
        port=given.port,
        home=given.home,
        load=given.load,
        warehouse=given.warehouse,
        host=given.host,
        admin_token_env=given.admin_token_env,
        settings=read_settings(given.settings),
    )


if __name__ == "__main__":
    sys.exit(main())
