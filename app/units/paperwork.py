"""The edge of the unit's files: what this browser has uploaded, and sending a stored file to be shown in the page."""

from __future__ import annotations

import io
from typing import Any

from flask import Response, current_app, jsonify, request
from flask_babel import gettext as _
from werkzeug.wsgi import FileWrapper

from app.files.services import Taken
from app.files.wording import size_words
from app.gateways.scanner import ScannerUnavailable
from app.gateways.storage import FileRefused, StorageUnavailable
from app.units import doorway, wording
from app.units.pending import PendingUploads, TooManyUploads
from app.units.services import PAPERS

BLOCK = 64 * 1024
# A shown file can run nothing and reach nothing, whatever a browser makes of it.
FILE_POLICY = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
PDF_POLICY = "frame-ancestors 'self'; base-uri 'none'; form-action 'none'"  # a sandbox leaves the PDF viewer empty


def pending() -> PendingUploads:
    extensions = current_app.extensions
    return PendingUploads(extensions["redis"], extensions["gateways"].storage, doorway.draft_id())


def take_paper(kind: str, address: str, held: PendingUploads | None = None) -> Any:
    """Keeps the posted file as this browser's paper, or as that of the form whose uploads are `held`; JSON for the upload
    row: {ok, message, name, size, url}."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return jsonify(ok=False, message=_("没有收到文件，请重新选择。")), 400
    try:
        taken = (held or pending()).put(
            current_app.extensions["gateways"].scanner,
            upload.stream,  # type: ignore[arg-type]
            kind=kind,
            name=upload.filename,
            address=request.remote_addr or "",
        )
    except (FileRefused, StorageUnavailable, ScannerUnavailable, TooManyUploads) as error:
        return jsonify(ok=False, message=wording.upload_refused(error)), 422
    return jsonify(
        ok=True, message=_("已上传。"), name=taken.name, size=size_words(taken.size), url=address
    )


def rows_of(papers: dict[str, Any], upload: Any, show: Any, missing: list[str] | None = None) -> list[dict[str, Any]]:
    """The upload rows of the two papers for the template; `papers` has what is there, by kind."""
    rows = []
    for kind in PAPERS:
        paper = papers.get(kind)
        rows.append(
            {
                "id": kind,
                "label": wording.paper_name(kind),
                "url": upload(kind),
                "name": paper.name if paper else "",
                "size": size_words(paper.size) if paper else "",
                "href": show(kind) if paper else "",
                "error": _("请上传%(paper)s。", paper=wording.paper_name(kind)) if kind in (missing or []) else "",
            }
        )
    return rows


def send(file: Taken | Any) -> Response:
    """The bytes of a stored or pending file, to be shown in the page and nowhere else."""
    stream = current_app.extensions["gateways"].storage.open(file.storage_key)
    response = Response(FileWrapper(stream, BLOCK), mimetype=file.media_type, direct_passthrough=True)
    response.content_length = file.size
    response.headers["Content-Disposition"] = "inline"
    response.headers["Content-Security-Policy"] = PDF_POLICY if file.media_type == "application/pdf" else FILE_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def put_png(png: bytes, name: str, limit: int) -> Taken:
    """Keeps a picture that the platform has drawn itself."""
    stored = current_app.extensions["gateways"].storage.put(io.BytesIO(png), limit)
    return Taken(stored.key, name.rsplit(".", 1)[0] + ".png", "image/png", stored.size, None, stored.sha256)
