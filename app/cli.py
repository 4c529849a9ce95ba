"""The commands of the person who runs the site, and `prepare`, which brings a database to where pages can be served."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import with_appcontext

from app.accounts.rights import sync_roles
from app.extensions import db


def install(app: Flask) -> None:
    from app.audit.commands import seal_audit, verify_audit
    from app.demo.commands import demo

    own = (sync_roles_command, deliver_pending_command, lapse_overdue_command)
    for command in (*own, seal_audit, verify_audit, demo):
        app.cli.add_command(command)


def prepare(app: Flask, demo: bool) -> None:
    """Roles, reference data, and, if `demo`, the demonstration's city; what a crash left half uploaded is cleared away.
    Idempotent, and cheap when nothing changed."""
    from app.catalogue.loading import load_reference
    from app.catalogue.queries import forget

    with app.app_context():
        sync_roles(db.session, app.extensions["screens"])
        load_reference(db.session)
        db.session.commit()
        forget()
        app.extensions["gateways"].storage.sweep()
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


@click.command("deliver-pending")
@with_appcontext
def deliver_pending_command() -> None:
    """Sends the SMS that still wait, as the worker does every minute."""
    from app.jobs.messages import deliver_waiting

    click.echo(f"{deliver_waiting()} sent")


@click.command("lapse-overdue")
@with_appcontext
def lapse_overdue_command() -> None:
    """Asks the payment provider about due orders, then ends those whose term is over."""
    from app.jobs.payments import lapse_overdue, reconcile_due

    click.echo(f"{reconcile_due()} found paid, {lapse_overdue()} lapsed")
