"""Feedback needs a Model with Spotter on. Code 14531."""

from __future__ import annotations

from collections.abc import Iterator

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.importing.checks.context import Context
from tsdeploy.sandbox.importing.problems import Problem
from tsdeploy.sandbox.texts.items import value


def check_model(context: Context) -> Iterator[Problem]:
    """The Model that the feedback is for."""
    model = context.target("guid")
    enabled = value(model.document.body, *guesses.SPOTTER_SWITCH) if model else ""
    if model and enabled != "true":
        yield guesses.spotter_disabled(model.name)
