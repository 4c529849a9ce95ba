"""The commands of the person who runs the site, and `prepare`, which brings a database to where pages can be served."""

from __future__ import annotations

import click
from flask import Flask

from app.accounts.rights import sync_roles
from app.extensions import db


def install(app: Flask) -> None:
    from app.audit.commands import seal_audit, verify_audit
    from app.demo.commands import demo

    for command in (sync_roles_command, seal_audit, verify_audit, demo):
        app.cli.add_command(command)


def prepare(app: Flask, demo: bool) -> None:
    """Roles, reference data, and, if `demo`, the demonstration's city. Idempotent, and cheap when nothing changed."""
    from app.catalogue.loading import load_reference
    from app.catalogue.queries import forget

    with app.app_context():
        sync_roles(db.session, app.extensions["screens"])
        load_reference(db.session)
        db.session.commit()
        forget()
        if demo:
            from app.demo.commands import prepare_demo

            prepare_demo(app)


@click.command("sync-roles")
def sync_roles_command() -> None:
    """Creates roles and permissions of new pages; never undoes what an administrator changed."""
    from flask import current_app

    added = sync_roles(db.session, current_app.extensions["screens"])
    db.session.commit()
    click.echo(f"{added} new grants")
