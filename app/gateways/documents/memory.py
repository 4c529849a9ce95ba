"""The fake for tests: `printed` remembers which document was asked for, with which values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.gateways.documents import (
    CertificateData,
    DocumentError,
    MaterialListData,
    PaymentReceiptData,
    PublicNoticeSheetData,
    SubmissionReceiptData,
)


@dataclass
class RecordingPrinter:
    printed: list[tuple[str, Any]] = field(default_factory=list)
    fail_with: DocumentError | None = None

    def certificate(self, data: CertificateData) -> bytes:
        return self._remember("certificate", data)

    def material_list(self, data: MaterialListData) -> bytes:
        return self._remember("material_list", data)

    def public_notice_sheet(self, data: PublicNoticeSheetData) -> bytes:
        return self._remember("public_notice_sheet", data)

    def submission_receipt(self, data: SubmissionReceiptData) -> bytes:
        return self._remember("submission_receipt", data)

    def payment_receipt(self, data: PaymentReceiptData) -> bytes:
        return self._remember("payment_receipt", data)

    def _remember(self, name: str, data: Any) -> bytes:
        if self.fail_with is not None:
            raise self.fail_with
        self.printed.append((name, data))
        return f"%PDF-1.7\n% {name} {len(self.printed)}\n%%EOF\n".encode()
