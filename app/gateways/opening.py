"""Which implementation of each gateway a process uses, chosen from the settings once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redis import Redis

from app.gateways.documents import DocumentPrinter
from app.gateways.documents.typst_printer import TypstPrinter
from app.gateways.payment import PaymentGateway
from app.gateways.payment.simulated import SimulatedCashier
from app.gateways.scanner import Scanner
from app.gateways.scanner.structure import StructureOnly
from app.gateways.sms import SmsGateway
from app.gateways.sms.memory import RecordingSms
from app.gateways.sms.outbox import OutboxOnlySms
from app.gateways.storage import Storage
from app.gateways.storage.folder import FolderStorage


@dataclass
class Gateways:
    sms: SmsGateway
    payment: PaymentGateway
    storage: Storage
    documents: DocumentPrinter
    scanner: Scanner


def open_gateways(config: Mapping[str, Any], redis: Redis) -> Gateways:
    """The gateways of these settings. The simulated ones are refused in production by config.py."""
    return Gateways(
        sms=RecordingSms() if config["ENVIRONMENT"] == "testing" else OutboxOnlySms(),
        payment=SimulatedCashier(
            secret=config["LOOKUP_KEY"], public_base_url=config["PUBLIC_BASE_URL"], store=redis
        ),
        storage=FolderStorage(Path(config["STORAGE_FOLDER"])),
        documents=TypstPrinter(platform=config["APP_NAME"]),
        scanner=StructureOnly(),
    )
