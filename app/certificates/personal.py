"""证书打印 for the holder, and 证书查验 for everybody."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, limit, permission_name

from app.accounts.phones import mask_name
from app.certificates import queries, services
from app.certificates.forms import VerifyForm
from app.certificates.models import Certificate
from app.certificates.services import CertificateRefused
from app.certificates.views import pdf_of, visible
from app.certificates.wording import STATUS_NAMES, refused, verdict
from app.extensions import business_now, db
from app.gateways.documents import DocumentError
from app.web.scoping import current_person
from app.web.views import TaskView

LOOKUPS = "60 per minute; 1000 per day"  # by address, for all pages of the view


class MyCertificatesView(TaskView):
    """证书打印: the own certificates."""

    route_base = "/my/certificates"
    default_view = "mine"
    shell = "person"

    @expose("/")
    @has_access
    @permission_name("print")
    def mine(self) -> Any:
        found = queries.of_person(db.session, current_person().id)
        return self.page("certificates/mine.html", certificates=found, names=STATUS_NAMES)

    @expose("/<int:certificate_id>/pdf/")
    @has_access
    @permission_name("print")
    def pdf(self, certificate_id: int) -> Any:
        certificate = visible(certificate_id)
        try:
            return pdf_of(certificate)
        except (CertificateRefused, DocumentError) as error:
            db.session.rollback()
            return self.done(refused(error), url_for("MyCertificatesView.mine"), "warning")


class VerifyView(TaskView):
    """证书查验: number and name are sent, never put into an address; the code on the certificate has its own."""

    route_base = "/verify"
    default_view = "form"
    shell = "public"

    @expose("/", methods=["GET"])
    def form(self) -> Any:
        return self.page("certificates/verify.html", form=VerifyForm(formdata=None), asked=False)

    @expose("/", methods=["POST"])
    @limit(LOOKUPS)
    def check(self) -> Any:
        form = VerifyForm()
        if not form.validate():
            return self.page("certificates/verify.html", form=form, asked=False)
        return self._answer(queries.by_number(db.session, form.number.data, form.name.data), "number", form)

    @expose("/<token>", methods=["GET"])
    def scanned(self, token: str) -> Any:
        return self._answer(queries.by_token(db.session, token), "token", VerifyForm(formdata=None))

    def _answer(self, certificate: Certificate | None, by: str, form: VerifyForm) -> Any:
        now = business_now()
        services.looked_up(db.session, certificate, by=by, address=request.remote_addr or "", now=now)
        db.session.commit()
        return self.page(
            "certificates/verify.html", form=form, asked=True, certificate=certificate, verdict=verdict(certificate),
            name=mask_name(certificate.name) if certificate else "", checked_at=datetime.now(UTC),
        )
