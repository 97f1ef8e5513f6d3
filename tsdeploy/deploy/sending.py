"""What goes into a request, and how it is sent: at once, or through the server's queue."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tsdeploy.config.deploying import DeploySettings
from tsdeploy.errors import Finding, RestError
from tsdeploy.rest import ImportItem, ImportPolicy, Session, UnknownOutcomeError, import_tml
from tsdeploy.rest.tml_async import FAILED, ImportTask, import_status, start_import
from tsdeploy.transform.inputs import Rendered
from tsdeploy.transform.secrets import revealed

_FIRST_LOOK = 0.2
"""Seconds until the first look at a task: small ones are over by then."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends documents. ``later`` asks for the queue; ``said`` is told of each task, before it is waited for."""

    session: Session
    settings: DeploySettings
    later: bool = False
    said: Callable[[ImportTask], None] = lambda _: None

    def validate(self, rendered: Sequence[Rendered]) -> list[ImportItem]:
        """What the server would say. Writes nothing."""
        return import_tml(self.session, texts_to_send(self.session, rendered), ImportPolicy.VALIDATE_ONLY)

    def publish(self, rendered: Sequence[Rendered], policy: ImportPolicy) -> list[ImportItem]:
        """Send documents to be published. Raises UnknownOutcomeError TD409 when nobody can tell what became of them.

        Of the queue: TD630 when it is full, or the task failed without a result for each document; TD631 when it was
        not over by the deadline.
        """
        texts = texts_to_send(self.session, rendered)
        if not self.later:
            return import_tml(self.session, texts, policy)
        task = start_import(self.session, texts, policy)
        self.said(task)
        if task.status == FAILED:
            hint = "the queue of the server is full (100 tasks): deploy again later"
            raise RestError(Finding("TD630", f"task {task.id} was not taken into the queue", hint=hint))
        if not task.id:
            raise UnknownOutcomeError(Finding("TD409", "the server took the import into its queue, but names no task"))
        return list(self._waited(task.id, len(texts)))

    def _waited(self, task: str, count: int) -> Sequence[ImportItem]:
        """Ask until the task is over, first soon, then at the interval of the settings."""
        deadline = time.monotonic() + self.settings.async_deadline
        pause = min(_FIRST_LOOK, self.settings.async_poll)
        while True:
            found = import_status(self.session, task, count)
            if found.is_over and found.items is not None:
                return found.items
            if found.is_over:
                message = f"task {task} ended as {found.status}, and says nothing of its objects"
                raise UnknownOutcomeError(Finding("TD630", message, hint="plan again to see what is there"))
            if time.monotonic() + pause > deadline:
                message = f"task {task} is not over after {self.settings.async_deadline:g} seconds"
                hint = "it may still be carried out; deploy again to see what is there"
                raise UnknownOutcomeError(Finding("TD631", message, hint=hint))
            time.sleep(pause)
            pause = min(pause * 2, self.settings.async_poll)


def texts_to_send(session: Session, rendered: Sequence[Rendered]) -> list[str]:
    """The texts of an import, with their secrets. Raises ConfigError TD305 for a secret that is not set."""
    for item in rendered:
        for _, secret in item.secrets:
            # The server may repeat what it was sent.
            session.hide(secret.reveal())
    return [revealed(item) for item in rendered]
