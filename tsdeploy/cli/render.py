"""``tsdeploy render``."""

from __future__ import annotations

from pathlib import Path

import click

from tsdeploy.cli.context import project_of
from tsdeploy.cli.output import one_line, print_findings, safe
from tsdeploy.release import render_release, write_rendering
from tsdeploy.transform.inputs import Rendered


@click.command("render")
@click.argument("environment")
@click.option("--output", "-o", "folder", required=True, type=click.Path(path_type=Path), help="Where to write.")
@click.option("--explain", is_flag=True, help="Say what was rewritten, and by which rule.")
@click.pass_context
def command(ctx: click.Context, environment: str, folder: Path, explain: bool) -> int:
    """Write the release as it would be sent to an environment. Needs no server.

    \b
    tsdeploy render prod -o rendered
    tsdeploy render prod -o rendered --explain

    Connections of the target and tables that it has already are known to a plan only; they are left by name here.
    """
    project = project_of(ctx)
    target = project.environment(environment)
    rendering = render_release(project, target)
    findings = rendering.all_findings()
    blocked = [finding for finding in findings if finding.is_error]
    if not blocked:
        write_rendering(rendering, folder)
        for rendered in rendering.rendered if explain else ():
            _explain(rendered)
        click.echo(f"Rendered {len(rendering.rendered)} objects for {environment} into {folder}.")
    print_findings(findings)
    return 1 if blocked else 0


def _explain(rendered: Rendered) -> None:
    """Each rewrite in a line: where it stands in the source, what was and what is, and the rule that says so."""
    click.echo(safe(rendered.source.label))
    for change in sorted(rendered.rewrites, key=lambda change: change.start):
        where = rendered.source.at(change.start)
        before, after = one_line(change.before) or "(nothing)", one_line(change.after) or "(nothing)"
        click.echo(f"  {safe(str(where))} {safe(change.at)}: {before} → {after}  [{safe(str(change.why))}]")
