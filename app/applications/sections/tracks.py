"""The tracks of the health series on which conditions depend, by the names that the catalogue's titles carry."""

from __future__ import annotations

MEDICINE, PUBLIC_HEALTH, NURSING = "医疗（含中医）", "公共卫生", "护理"
