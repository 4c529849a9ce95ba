"""`flask seal-audit` and `flask verify-audit`."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from app.audit import services
from app.extensions import db


@click.command("seal-audit")
@with_appcontext
def seal_audit() -> None:
    """封存操作日志：给未封存的记录加上校验值。"""
    sealed = services.seal_all(db.session, now=current_app.extensions["clock"].now())
    click.echo(f"已封存 {sealed} 条操作日志。")


@click.command("verify-audit")
@with_appcontext
def verify_audit() -> None:
    """校验操作日志：有任何一批与封存时不同就以 1 退出。"""
    broken = services.broken_seals(db.session)
    if broken:
        raise click.ClickException(f"操作日志被改动，校验不符的批次：{'、'.join(map(str, broken))}。")
    click.echo("操作日志校验通过。")
