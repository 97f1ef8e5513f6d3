"""``python -m tsdeploy`` and the ``tsdeploy`` command."""

from __future__ import annotations

import os
import signal
import sys
from typing import NoReturn

_INTERRUPTED = 130


def main() -> NoReturn:
    """Run the command line and exit with its code.

    Being told to end, by whatever signal, is an interrupt: what was begun is put in order, and no process stays.
    """
    try:
        _prepare()
        from tsdeploy.cli.main import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = _INTERRUPTED
    if code == _INTERRUPTED:
        # A thread may still wait for a server; nobody waits for it.
        os._exit(code)
    sys.exit(code)


def _prepare() -> None:
    # A process of its own decides about signals and streams; as a library, this package leaves them alone.
    from tsdeploy.cli.streams import outlast

    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")  # that git is missing is said where it is needed
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)
    sys.stdout, sys.stderr = outlast(sys.stdout, 1), outlast(sys.stderr, 2)
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115 - open until the end


if __name__ == "__main__":
    main()
