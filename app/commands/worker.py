"""`verbindplaats worker` and `verbindplaats scheduler`: for production."""

import os
from typing import Final

import click

from app.commands.context import explains_errors
from app.core.log import set_up_logging
from app.core.settings import load_settings
from app.worker import run_scheduler, run_worker

# A worker that shares a small machine with the web process lets who waits for an answer go first.
BEHIND_THE_WEB: Final = 5


@click.command()
@click.option("--alone", is_flag=True, help="The only worker on this data; brings the scheduler.")
@explains_errors
def worker(*, alone: bool) -> None:
    """Apply, deliver and fetch until told to stop."""
    set_up_logging()
    if alone:
        os.nice(BEHIND_THE_WEB)
    run_worker(load_settings(), is_alone=alone, with_scheduler=alone)


@click.command()
@explains_errors
def scheduler() -> None:
    """Send hints to the workers until told to stop; run one."""
    set_up_logging()
    run_scheduler(load_settings())
