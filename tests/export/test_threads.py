"""An interrupt waits for no thread that waits for a server."""

from __future__ import annotations

from threading import Event

import pytest

from tsdeploy.export.parallel import threads


@pytest.mark.parametrize(("error", "waits"), [(KeyboardInterrupt, False), (ValueError, True)])
def test_block_that_fails(error: type[BaseException], waits: bool) -> None:
    asked, answered = Event(), Event()

    def work() -> None:
        asked.set()
        answered.wait(0.5 if waits else 30)

    with pytest.raises(error), threads(1) as pool:
        running, later = pool.submit(work), pool.submit(work)
        asked.wait()
        raise error
    assert running.done() is waits
    assert later.cancelled()
    answered.set()
