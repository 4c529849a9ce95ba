"""What certificates are called on pages, and what the pages say when something is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.applications.services import Stale
from app.certificates.models import Certificate, CertificateStatus
from app.certificates.numbering import NumbersUsedUp
from app.certificates.services import DecisionMissing, NotValid, PhotoMissing
from app.gateways.documents import MissingGlyphs

STATUS_NAMES: dict[CertificateStatus, Any] = {
    CertificateStatus.VALID: _l("有效"),
    CertificateStatus.REPLACED: _l("已补发作废"),
    CertificateStatus.REVOKED: _l("已撤销"),
}


@dataclass(frozen=True)
class Verdict:
    """What the verification page says first."""

    tone: str
    icon: str
    title: Any
    text: Any


VERDICTS = {
    CertificateStatus.VALID: Verdict("ok", "circle-check", _l("证书有效"), _l("证书库中有这本证书，状态有效。")),
    CertificateStatus.REPLACED: Verdict(
        "warn", "history", _l("证书已补发，本编号作废"), _l("这本证书已补发新证，请持证人出示新编号的证书。")
    ),
    CertificateStatus.REVOKED: Verdict("danger", "ban", _l("证书已撤销"), _l("发证机关已撤销这本证书，不再有效。")),
}
NOT_FOUND = Verdict("none", "zoom-question", _l("没有查到"), _l("编号和姓名不一致，或证书不在库中。"))


def verdict(certificate: Certificate | None) -> Verdict:
    return VERDICTS[certificate.status] if certificate else NOT_FOUND


def refused(error: Exception) -> str:
    """A sentence for every refusal of the services and the machine."""
    match error:
        case DecisionMissing():
            return _("没有找到评审结果或批准文件，请核对后再发证。")
        case PhotoMissing():
            return _("证书缺少证件照，不能打印，请联系职改办补充照片。")
        case NotValid():
            return _("证书已补发作废或已撤销，不能再办理。")
        case NumbersUsedUp():
            return _("%(year)d 年的证书编号已经用完，请联系技术支持。", year=error.year)
        case MissingGlyphs():
            return _("证书上有字库中没有的字，不能打印，请联系职改办处理。")
        case Stale():
            return _("材料刚刚由别人办理过，请看最新状态后再办。")
        case _:
            return _("现在不能这样办理，请看最新状态。")
