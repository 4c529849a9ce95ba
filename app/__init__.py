"""The platform on which a city or a province declares and reviews professional titles (职称)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from redis import Redis
from rq import Queue
from werkzeug.middleware.proxy_fix import ProxyFix

from app import keyring


def create_app(config: Mapping[str, Any]) -> Flask:
    """One application from the settings of config.py: extensions, gateways, facts, reactions, site, commands."""
    from app import cli, extensions, site
    from app import models as _tables  # noqa: F401
    from app.accounts.security import PlatformSecurity
    from app.accounts.sessions import Limits
    from app.applications import counts
    from app.audit.services import record
    from app.gateways.opening import open_gateways
    from app.messages.views import unread_count
    from app.portal.views import PortalView
    from app.units import gate, own_views
    from app.web import errors, guarding, theme

    app = Flask(__name__)
    app.config.update(config)
    # At every start it names all columns that no search offers (relations, sealed fields): nothing that anybody mends.
    logging.getLogger("flask_appbuilder.models.filters").setLevel(logging.ERROR)
    if app.config["TRUSTED_PROXIES"]:
        hops = app.config["TRUSTED_PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    keyring.install(keyring.Keyring(sealing=config["SEALING_KEYS"], lookup=config["LOOKUP_KEY"]))
    redis = Redis.from_url(config["REDIS_URL"])
    app.extensions |= {
        "clock": extensions.RehearsalClock(redis) if config["DEMO"] and not app.testing else extensions.Clock(),
        "redis": redis,
        "record": record,
        "unread_count": unread_count,
        "queue": Queue(config["QUEUE"], connection=redis),
        "gateways": open_gateways(config, redis),
        "session_limits": Limits(
            idle=timedelta(minutes=config["SESSION_IDLE_MINUTES"]), age=timedelta(hours=config["SESSION_HOURS"])
        ),
    }
    extensions.db.init_app(app)
    extensions.migrate.init_app(app, extensions.db, directory=str(Path(__file__).with_name("migrations")))
    extensions.csrf.init_app(app)
    theme.install(app)
    errors.install(app)
    with app.app_context():
        _tune(extensions.db.engine)
        extensions.watch_commits()
        app.config["FAB_INDEX_VIEW"] = None
        extensions.appbuilder.__init__(  # type: ignore[misc]
            security_manager_class=PlatformSecurity, indexview=PortalView
        )
        extensions.appbuilder.init_app(app, extensions.db.session)
        site.install(app)
    guarding.install(app)
    gate.install(app)
    app.extensions |= {
        "account_links": own_views.account_links,
        "declared_counts": counts.declared_counts,
        "declared_count": counts.declared_count,
        "who_declared": counts.who_declared,
    }
    _answer_facts()
    cli.install(app)
    return app


def _tune(engine: sa.Engine) -> None:
    from app.embedded import tune_sqlite

    if engine.dialect.name == "sqlite":
        tune_sqlite(engine)


def _answer_facts() -> None:
    """Each package answers its facts; the events have their reactions."""
    from app import reactions
    from app.accounts import neighbours
    from app.applications import facts, identity
    from app.applications import neighbours as around_applications
    from app.applications.services import publish_to
    from app.catalogue.id_kinds import id_kinds
    from app.meetings import facts as meetings
    from app.payments import facts as payments
    from app.payments import queries as fees
    from app.public_notices import facts as public_notices
    from app.public_notices import queries as notices
    from app.review_bodies import facts as review_bodies
    from app.reviews import facts as reviews
    from app.reviews import queries as review_queries
    from app.units.joining import find_unit

    for package in (facts, meetings, payments, public_notices, review_bodies, reviews):
        facts.register(package.PROVIDERS)
    if missing := facts.unanswered():
        raise RuntimeError(f"nobody answers {sorted(missing)}")
    publish_to(reactions.react)
    neighbours.install(
        neighbours.Neighbours(
            id_kinds=id_kinds,
            unit_of_key=find_unit,
            identity_is_fixed=identity.is_fixed,
            renamed=identity.renamed,
        )
    )
    around_applications.install(
        around_applications.Neighbours(
            payment_due=fees.due_of,
            notice_closes=notices.closes_on,
            objections_answered=notices.objections_answered,
            opinions=review_queries.opinions_of,
        )
    )
