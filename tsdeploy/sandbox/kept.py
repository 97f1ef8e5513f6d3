"""A property that is worked out once for each instance."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class kept(Generic[T]):  # noqa: N801 - it is written where ``property`` would be
    """As ``functools.cached_property``, without the lock that all instances share before Python 3.12.

    A request that waits for that lock inside a transaction, and one that holds it and waits for the transaction, would
    wait for each other for ever.
    """

    def __init__(self, work: Callable[[Any], T]) -> None:
        self._work = work
        self.__doc__ = work.__doc__

    def __get__(self, instance: Any, owner: type[Any]) -> T:
        value = instance.__dict__[self._work.__name__] = self._work(instance)
        return value
