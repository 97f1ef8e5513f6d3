"""What the documentation site adds to the folder docs: pages that live elsewhere in the repository, and a promise.

Links between pages are those of the repository, so that they work wherever its files are read; on the site they lead to
the pages made of these files. The promise is that no page asks another host for anything.
"""

from __future__ import annotations

import logging
import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parent.parent
CODES = "tsdeploy/explain/pages"
SITE_PATHS = {
    "CHANGELOG.md": "changelog.md",
    "samples/README.md": "samples.md",
    **{f"{CODES}/{page.name}": f"reference/errors/{page.name}" for page in sorted((ROOT / CODES).glob("*.md"))},
}
"""A page in the repository → where the site has it."""
REPOSITORY_PATHS = {site: repository for repository, site in SITE_PATHS.items()}

_LINK = re.compile(r"(?<=\]\()(?![\w+.-]+:|#|/)([^)#\s]+)")
_REQUEST = re.compile(r"<(?:script|link|img|iframe|source|object)\b[^>]*\b(?:src|href|data)=[\"']?(?:https?:)?//[^>]*>")
_log = logging.getLogger("mkdocs.hooks.site")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that live elsewhere."""
    for repository, site in SITE_PATHS.items():
        files.append(File.generated(config, site, abs_src_path=str(ROOT / repository)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Point links between files of the repository at the pages of the site."""
    here = page.file.src_uri

    def on_site(found: re.Match[str]) -> str:
        folder = posixpath.dirname(REPOSITORY_PATHS.get(here, f"docs/{here}"))
        target = posixpath.normpath(posixpath.join(folder, found.group()))
        site = SITE_PATHS.get(target, target.removeprefix("docs/"))
        return posixpath.relpath(site, posixpath.dirname(here) or ".")

    back = "\n[All error codes](../errors.md)\n" if here.startswith("reference/errors/") else ""
    return _LINK.sub(on_site, markdown) + back


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Warn, which fails a strict build, of whatever a browser would fetch from another host."""
    for found in _REQUEST.finditer(output):
        _log.warning("%s asks another host: %s", page.file.src_uri, found.group())
    return output
