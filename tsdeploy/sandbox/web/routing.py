"""From method and path to what answers. Flask's own map takes a tenth of a second for as many routes as there are."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from flask import Flask, Response, request
from werkzeug.exceptions import MethodNotAllowed, NotFound

View: TypeAlias = Callable[..., Response]

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_PART = re.compile(r"<(\w+)>")


@dataclass(frozen=True, slots=True)
class Routes:
    """Views by path and method. A part ``<name>`` of a path is one step, handed over by name; fixed paths win."""

    _fixed: dict[str, dict[str, View]] = field(default_factory=dict)
    _open: dict[str, tuple[re.Pattern[str], dict[str, View]]] = field(default_factory=dict)

    def add(self, method: str, path: str, view: View) -> None:
        """Let a view answer a method of a path."""
        if _PART.search(path) is None:
            self._fixed.setdefault(path, {})[method] = view
            return
        pattern = re.compile(_PART.sub(r"(?P<\1>[^/]+)", path))
        self._open.setdefault(path, (pattern, {}))[1][method] = view

    def find(self, method: str, path: str) -> tuple[View, dict[str, str]]:
        """The view and the parts of the path. Raises NotFound or MethodNotAllowed."""
        views, parts = self._views(path)
        view = views.get("GET" if method == "HEAD" else method)
        if view is None:
            raise MethodNotAllowed(sorted(views)) if views else NotFound
        return view, parts

    def mount(self, app: Flask) -> None:
        """Let an application answer by these routes, and no others."""

        def answer(path: str) -> Response:
            view, parts = self.find(request.method, f"/{path}")
            return view(**parts)

        app.url_map.merge_slashes = False
        root = {"path": ""}
        app.add_url_rule("/", "root", answer, False, defaults=root, methods=_METHODS)
        app.add_url_rule("/<path:path>", "answer", answer, False, methods=_METHODS)

    def _views(self, path: str) -> tuple[dict[str, View], dict[str, str]]:
        if path in self._fixed:
            return self._fixed[path], {}
        for pattern, views in self._open.values():
            found = pattern.fullmatch(path)
            if found:
                return views, found.groupdict()
        return {}, {}
