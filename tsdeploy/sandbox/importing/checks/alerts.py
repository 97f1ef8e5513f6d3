"""A monitor alert watches a visualization that is there."""

from __future__ import annotations

from collections.abc import Iterator

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.importing.checks.context import Context
from tsdeploy.sandbox.importing.problems import Problem
from tsdeploy.sandbox.texts.items import value
from tsdeploy.tml.syntax import Sequence


def check_visualization(context: Context) -> Iterator[Problem]:
    """``viz_id`` is the viz_guid of a visualization of the Liveboard it names."""
    body = context.document.body
    for item in body.items if isinstance(body, Sequence) else ():
        liveboard = value(item, "metric_id", "pinboard_viz_id", "pinboard_id")
        viz = value(item, "metric_id", "pinboard_viz_id", "viz_id")
        if viz and context.world.objects.inner_owner(viz) != liveboard:
            yield guesses.object_missing(viz, "monitor_alert.metric_id.pinboard_viz_id.viz_id")
