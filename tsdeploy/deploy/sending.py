"""What goes into a request, and how it is sent: at once, or through the server's queue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tsdeploy.deploy.queue import Queue
from tsdeploy.rest import ImportItem, ImportPolicy, Session, import_tml
from tsdeploy.transform.inputs import Rendered
from tsdeploy.transform.secrets import revealed


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends documents; what is published goes through the queue where there is one."""

    session: Session
    queue: Queue | None = None

    def validate(self, rendered: Sequence[Rendered]) -> list[ImportItem]:
        """What the server would say. Writes nothing."""
        texts = texts_to_send(self.session, rendered)
        return import_tml(self.session, texts, ImportPolicy.VALIDATE_ONLY, keep_views=_keeps_views(rendered))

    def publish(
        self, rendered: Sequence[Rendered], policy: ImportPolicy, said: Callable[[str], None]
    ) -> Sequence[ImportItem]:
        """Send documents to be published; ``said`` is told the task of the queue.

        Raises UnknownOutcomeError when nobody can tell what became of them; see ``Queue.publish``.
        """
        texts = texts_to_send(self.session, rendered)
        if self.queue is None:
            return import_tml(self.session, texts, policy, keep_views=_keeps_views(rendered))
        return self.queue.publish(texts, policy, said, keep_views=_keeps_views(rendered))


def _keeps_views(rendered: Sequence[Rendered]) -> bool:
    return all(item.keeps_views for item in rendered)


def texts_to_send(session: Session, rendered: Sequence[Rendered]) -> list[str]:
    """The texts of an import, with their secrets. Raises ConfigError TD305 for a secret that is not set."""
    for item in rendered:
        for _, secret in item.secrets:
            # The server may repeat what it was sent.
            session.hide(secret.reveal())
    return [revealed(item) for item in rendered]
