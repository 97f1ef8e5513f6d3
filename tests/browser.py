"""A page in a real browser, where one is installed."""

from __future__ import annotations

import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
    "--virtual-time-budget=4000",
    "--window-size=1400,900",
)

needs_browser = pytest.mark.skipif(BROWSER is None, reason="Chromium is not installed")


class Dom(HTMLParser):
    """Tags, classes, event handlers, addresses and visible text of a page as the browser left it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.classes: list[str] = []
        self.handlers: list[str] = []
        self.addresses: list[str] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.classes += [value or "" for name, value in attrs if name == "class"]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "action")]

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] not in ("script", "style"):
            self.text.append(data)

    @property
    def seen(self) -> str:
        """All text in one."""
        return "\n".join(self.text)


def opened(address: str, folder: Path) -> tuple[Dom, str]:
    """The DOM of a page after its scripts ran, and what the browser had to say; folder is for its profile."""
    arguments = [str(BROWSER), *FLAGS, f"--user-data-dir={folder / 'profile'}", "--dump-dom", address]
    done = subprocess.run(arguments, capture_output=True, encoding="utf-8", check=True, timeout=120)
    return Dom(done.stdout), "\n".join(line for line in done.stderr.splitlines() if "CONSOLE" in line)
