"""`todo`: what there is to do for the committee, as on the dashboard."""

from __future__ import annotations

import click

from bridge.cli.common import (
    configured,
    database,
    echo,
    example,
    format_option,
    library,
    now,
    show_json,
)
from bridge.config import Config


@click.command(epilog=example("stewardpath todo"))
@format_option
@configured
def todo(config: Config, form: str) -> None:
    """List what there is to do for the committee, each with its number and its page."""
    from bridge.access.visitor import Visitor
    from bridge.features import FEATURES
    from bridge.features.registers import committee_to_dos
    from bridge.foundations.feature import Context

    committee = Visitor(roles=frozenset({"committee"}))
    with database(config) as store, store.reading() as session:
        context = Context(session, config, tuple(library(config)), config.language, now())
        found = committee_to_dos(FEATURES, context, committee)
    if form == "json":
        show_json(
            {
                "to_do": [
                    {"what": each.title, "count": each.count or 1, "page": each.path}
                    for each in found
                ]
            }
        )
        return
    if not found:
        echo("Nothing to do.")
    for each in found:
        echo(f"{each.count or 1:>6}  {each.title}  ({each.path})")
