"""Commands for operators: thin, each calls the domain. `flask --app wsgi COMMAND`."""

from pathlib import Path

import click
from flask import Flask

from portal import clock
from portal.audit import Actor
from portal.db import transaction
from portal.domain.catalogue import commands as catalogue
from portal.domain.catalogue.catalogue_file import CatalogueRefused


def register(app: Flask) -> None:
    """Adds the portal's commands to `flask`."""
    app.cli.add_command(import_catalogue)


@click.command("import-catalogue")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_catalogue(file: Path) -> None:
    """Add or update courses, modules and accreditations from a TOML file: all of it or nothing."""
    try:
        with transaction():
            done = catalogue.import_catalogue(data=file.read_bytes(), actor=Actor.system("cli"), now=clock.now())
    except CatalogueRefused as refused:
        raise click.ClickException("\n".join(["the catalogue is unchanged:", *refused.complaints])) from None
    click.echo(f"{done.added} added, {done.changed} changed, {done.unchanged} unchanged")
