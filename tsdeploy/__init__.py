"""Git-ops for ThoughtSpot."""

from tsdeploy.version import __version__

__all__ = ["__version__"]
