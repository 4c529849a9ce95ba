"""Certificates for staff: the grid, one certificate with its revocation, and 发证 for those approved."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, current_app, flash, make_response, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.certificates import queries, services
from app.certificates.forms import RevokeForm
from app.certificates.models import Certificate, CertificateStatus
from app.certificates.numbering import NumbersUsedUp
from app.certificates.services import CertificateRefused
from app.certificates.wording import STATUS_NAMES, refused
from app.extensions import business_now, db
from app.gateways.documents import DocumentError
from app.gateways.storage import NoSuchObject, StorageUnavailable
from app.meetings.views import chosen_numbers
from app.web.rows import GridRows
from app.web.scoping import current_actor
from app.web.views import Grid, Tab, TaskView
from app.workflow.machine import MoveRefused


def visible(certificate_id: int) -> Certificate:
    """The certificate, if this actor sees it; else 404."""
    try:
        return queries.get(db.session, current_actor(), certificate_id)
    except queries.NoSuchCertificate:
        abort(404)


def pdf_of(certificate: Certificate) -> Response:
    """The printed certificate as an attachment; raises CertificateRefused or DocumentError."""
    gateways, config = current_app.extensions["gateways"], current_app.config
    try:
        pdf = services.print_pdf(
            db.session, certificate, current_actor(), gateways.documents, gateways.storage,
            verify_url=config["PUBLIC_BASE_URL"] + url_for("VerifyView.scanned", token=certificate.token),
            specimen=config["DEMO"], now=business_now(),
        )
    except (NoSuchObject, StorageUnavailable):
        raise services.PhotoMissing() from None
    db.session.commit()
    answer = make_response(pdf)
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="certificate-{certificate.number}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


class CertificateGrid(Grid):
    datamodel = GridRows(Certificate)
    route_base = "/certificates"
    scope = staticmethod(queries.visible_to)
    list_title = _l("证书")
    list_columns = ["number", "name", "title_name", "specialty_name", "issued_on", "status", "printed"]
    mobile_columns = ("name", "title_name", "issued_on", "status")
    label_columns = {
        "number": _l("证书编号"), "name": _l("姓名"), "title_name": _l("资格"), "specialty_name": _l("专业"),
        "issued_on": _l("发证日期"), "status": _l("状态"), "printed": _l("打印次数"),
    }
    formatters_columns = {"status": lambda status: STATUS_NAMES[status]}
    order_columns = ["number"]
    search_columns = ["number", "name", "issued_on"]
    tab_column = "status"
    tabs = (
        Tab("all", _l("全部")),
        Tab("valid", _l("有效"), (CertificateStatus.VALID.value,)),
        Tab("void", _l("作废与撤销"), (CertificateStatus.REPLACED.value, CertificateStatus.REVOKED.value)),
    )
    base_permissions = ["can_list"]
    exclude_route_methods = Grid.exclude_route_methods | {"show"}

    def row_link(self, row: Certificate) -> str:
        return url_for("CertificateView.one", certificate_id=row.id)


class CertificateView(TaskView):
    """One certificate for staff."""

    route_base = "/certificates"
    default_view = "one"

    @expose("/<int:certificate_id>/")
    @has_access
    @permission_name("read")
    def one(self, certificate_id: int) -> Any:
        return self._page(visible(certificate_id), RevokeForm(formdata=None))

    @expose("/<int:certificate_id>/pdf/")
    @has_access
    @permission_name("read")
    def pdf(self, certificate_id: int) -> Any:
        certificate = visible(certificate_id)
        try:
            return pdf_of(certificate)
        except (CertificateRefused, DocumentError) as error:
            db.session.rollback()
            return self.done(refused(error), url_for("CertificateView.one", certificate_id=certificate_id), "warning")

    @expose("/<int:certificate_id>/revoke/", methods=["POST"])
    @has_access
    @permission_name("revoke")
    def revoke(self, certificate_id: int) -> Any:
        certificate, form = visible(certificate_id), RevokeForm()
        if not form.validate():
            return self._page(certificate, form)
        address = url_for("CertificateView.one", certificate_id=certificate_id)
        try:
            services.revoke(db.session, certificate, current_actor(), reason=form.reason.data, now=business_now())
        except (CertificateRefused, MoveRefused) as error:
            db.session.rollback()
            return self.done(refused(error), address, "warning")
        db.session.commit()
        return self.done(_("证书已撤销，公开查验会显示“已撤销”。"), address)

    def _page(self, certificate: Certificate, form: RevokeForm) -> Any:
        valid = certificate.status is CertificateStatus.VALID
        return self.page(
            "certificates/one.html", certificate=certificate, form=form, names=STATUS_NAMES, valid=valid,
            may_revoke=valid and current_actor().may("can_revoke", "CertificateView"),
        )


class IssueView(TaskView):
    """发证."""

    route_base = "/certificates/issue"
    default_view = "waiting"

    @expose("/", methods=["GET"])
    @has_access
    @permission_name("issue")
    def waiting(self) -> Any:
        return self.page("certificates/issue.html", waiting=queries.to_issue(db.session, current_actor()))

    @expose("/all/", methods=["POST"])
    @has_access
    @permission_name("issue")
    def issue(self) -> Any:
        """Issues what was ticked; names what could not be."""
        actor, back = current_actor(), url_for("IssueView.waiting")
        found = queries.to_issue(db.session, actor, chosen_numbers())
        if not found:
            return self.done(_("请先勾选要发证的人员。"), back, "warning")
        try:
            issued = services.issue_all(
                db.session, found, actor, now=business_now(), region=current_app.config["CITY_DIVISION"][:4]
            )
        except NumbersUsedUp as error:
            db.session.rollback()
            return self.done(refused(error), back, "danger")
        db.session.commit()
        for number, error in issued.refused.items():
            flash(_("%(number)s 没有发证：%(why)s", number=number, why=refused(error)), "warning")
        return self.done(_("已发证 %(count)d 本，已用短信通知本人。", count=len(issued.certificates)), back)
