"""`flask demo`."""

from __future__ import annotations

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from app.extensions import db


class NotForProduction(Exception):
    """Invented people have no place among real ones."""


def prepare_demo(app: Flask) -> bool:
    """Makes the city in the application's database, unless it stands; raises NotForProduction. Needs its context."""
    from app.demo.making import make  # much to import, for what happens once

    if not app.config["DEMO"]:
        raise NotForProduction
    made = make(
        db.session, app.extensions["gateways"], now=app.extensions["clock"].now(),
        hash_method=app.config.get("FAB_PASSWORD_HASH_METHOD", "scrypt"),
    )
    db.session.commit()
    return made


@click.command("demo")
@with_appcontext
def demo() -> None:
    """生成演示城市；已有时不改动，正式环境拒绝。"""
    try:
        made = prepare_demo(current_app)  # type: ignore[arg-type]
    except NotForProduction as error:
        raise click.ClickException("正式环境不能生成演示数据；需要演示时请另装一套，并设 DEMO=1。") from error
    click.echo("演示城市已生成，账号见 docs/demo.md。" if made else "演示城市已经在了，没有改动。")
