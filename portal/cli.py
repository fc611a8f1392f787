"""Commands for operators: thin, each calls the domain. `flask --app wsgi COMMAND`."""

import sys
from pathlib import Path

import click
from email_validator import EmailNotValidError, validate_email
from flask import Flask, current_app

from portal import audit, clock, links, worker
from portal.audit import Actor, KeyMissing
from portal.backup import BackupRefused, aside_path, restore_backup, write_backup
from portal.db import transaction
from portal.domain.accounts import commands as accounts
from portal.domain.accounts.queries import find_by_email
from portal.domain.accounts.rules import Role
from portal.domain.catalogue import commands as catalogue
from portal.domain.catalogue.catalogue_file import CatalogueRefused
from portal.errors import DomainError


def register(app: Flask) -> None:
    """Adds the portal's commands to `flask`."""
    app.cli.add_command(import_catalogue)
    app.cli.add_command(load_demo)
    app.cli.add_command(audit_log)
    app.cli.add_command(evidence)
    app.cli.add_command(user)
    app.cli.add_command(run_worker)
    app.cli.add_command(backup)
    app.cli.add_command(restore)


@click.command("demo")
def load_demo() -> None:
    """Load the demo data; a second time changes nothing. Only with PORTAL_ENV=demo."""
    if not current_app.config["PORTAL"].demo:
        raise click.ClickException("The demo's accounts have a password that everybody knows; set PORTAL_ENV=demo.")
    # Imported here, so that the worker does not carry the demo's story all day.
    from portal import demo  # noqa: PLC0415

    loaded = demo.load(clock.now())
    click.echo("The demo data are loaded." if loaded else "The demo data were there already; nothing changed.")


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


@click.group()
def user() -> None:
    """People who sign in."""


@user.command("add")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", "roles", required=True, multiple=True, type=click.Choice([role.value for role in Role]))
@click.option("--organisation", default="", help="For the role organisation: the name of one, made when it is new.")
@click.option("--password-stdin", is_flag=True, help="Read a password from standard input.")
def add_user(email: str, name: str, roles: tuple[str, ...], organisation: str, password_stdin: bool) -> None:
    """Add an account, or give one that is there more roles."""
    try:
        address = validate_email(email, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as fault:
        raise click.ClickException(str(fault)) from None
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else ""
    if Role.ORGANISATION in roles and not organisation:
        raise click.ClickException("the role organisation needs --organisation NAME")
    actor, now = Actor.system("cli"), clock.now()
    try:
        with transaction():
            person = accounts.add_person(name=name, email=address, actor=actor, now=now)
            for role in roles:
                of = None
                if role == Role.ORGANISATION:
                    of = accounts.add_organisation(name=organisation, actor=actor, now=now).id
                accounts.grant_role(person_id=person.id, role=Role(role), organisation_id=of, actor=actor, now=now)
            if password_stdin:
                accounts.set_password(person_id=person.id, password=password, token=None, actor=actor, now=now)
    except DomainError as refused:
        raise click.ClickException(refused.sentence) from None
    how = "with this password" if password_stdin else "with a link by mail"
    click.echo(f"{address} signs in {how} at {links.link('/inloggen')}")


@user.command("token")
@click.argument("email")
@click.option("--scope", "scopes", multiple=True, help="What it may be used for; may be given several times.")
def make_token(email: str, scopes: tuple[str, ...]) -> None:
    """Make an API token for an account. It is shown now and never again."""
    person = find_by_email(email)
    if person is None:
        raise click.ClickException(f"nobody has the address {email}")
    with transaction():
        token = accounts.make_api_token(
            person_id=person.id, scope=" ".join(scopes), actor=Actor.system("cli"), now=clock.now()
        )
    click.echo(token)


@click.command("worker")
@click.option("--once", is_flag=True, help="Do all that is due and stop.")
def run_worker(once: bool) -> None:
    """Send mail and do whatever else is due, until it is stopped."""
    try:
        audit.read_key()
    except KeyMissing as missing:
        raise click.ClickException(str(missing)) from None
    if once:
        click.echo(f"{worker.work_once()} done")
    else:
        worker.work_until_stopped()


@click.group("audit")
def audit_log() -> None:
    """The log of what happened."""


@audit_log.command("verify")
@click.option(
    "--export", type=click.Path(dir_okay=False, path_type=Path), help="Also write all entries, one JSON a line."
)
def verify_audit(export: Path | None) -> None:
    """Recompute the whole chain of the audit log, and compare it with every signed head. Exit 1, naming the first bad
    entry, when something does not fit."""
    if export:
        with export.open("w", encoding="utf-8") as lines:
            lines.writelines(f"{line}\n" for line in audit.export_lines())
    entries, heads = audit.count_entries(), audit.count_heads()
    broken = audit.verify() or audit.verify_heads()
    with transaction():
        audit.note_verified(broken, entries, actor=Actor.system("cli"), at=clock.now())
    if broken:
        raise click.ClickException(f"entry {broken.seq}: {broken.why}")
    click.echo(f"{entries} entries, unchanged; signed heads over them: {heads}")


@click.group()
def evidence() -> None:
    """What proves the log to others."""


@evidence.command("key")
def make_evidence_key() -> None:
    """Make the key that signs the log, where PORTAL_EVIDENCE_KEY says; never over one that is there."""
    file: Path = current_app.config["PORTAL"].evidence_key
    try:
        key = audit.make_key(file)
    except FileExistsError:
        raise click.ClickException(f"There is a key at {file} already. To replace it, move it away first.") from None
    except KeyMissing as missing:
        raise click.ClickException(str(missing)) from None
    click.echo(f"{file}: key {key.id}. Keep a copy where no backup of the database is.")
    click.echo(key.public_pem.rstrip())


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write a consistent copy of the whole database into a new file, while the portal runs."""
    try:
        write_backup(file)
    except BackupRefused as refused:
        raise click.ClickException(str(refused)) from None
    click.echo(f"{file}: {file.stat().st_size / 1024**2:.1f} MiB. Keep it safe: it holds personal data.")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Put the database back as it was in a backup; what is there now is kept in the instance folder."""
    aside = aside_path(Path(current_app.instance_path), clock.now())
    try:
        kept = restore_backup(file, aside=aside)
    except BackupRefused as refused:
        raise click.ClickException(str(refused)) from None
    if kept:
        click.echo(f"What was there before is kept in {aside}")
    click.echo("Restored. Run these now: flask --app wsgi db upgrade, flask --app wsgi audit verify")
