"""Uploaded files: what was stored, judged by content, and to which record it belongs.
Not here: the storage itself (gateways/storage) and who may open a file (its record's package decides)."""
