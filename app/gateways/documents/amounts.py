"""Amounts of money as receipts write them out: 肆佰捌拾元整."""

from __future__ import annotations

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("仟", "佰", "拾", "")
GROUPS = ("亿", "万", "")
MOST = 10**14 - 1


def in_words(fen: int) -> str:
    """The amount in fen, up to MOST; raises ValueError beyond."""
    if not 0 <= fen <= MOST:
        raise ValueError(fen)
    yuan, rest = divmod(fen, 100)
    whole = _whole(yuan)
    if not rest:
        return f"{whole or '零'}元整"
    jiao, cent = divmod(rest, 10)
    parts = [f"{whole}元" if whole else "", f"{DIGITS[jiao]}角" if jiao else "零" if whole and cent else ""]
    return "".join(parts) + (f"{DIGITS[cent]}分" if cent else "整")


def _whole(yuan: int) -> str:
    """Groups of four digits; one 零 stands for any zeros between two digits that are none."""
    text, skipped = "", False
    for group, digits in zip(GROUPS, _groups(f"{yuan:012d}"), strict=True):
        for place, digit in zip(PLACES, digits, strict=True):
            if digit == "0":
                skipped = True
                continue
            text += ("零" if skipped and text else "") + DIGITS[int(digit)] + place
            skipped = False
        if int(digits):
            text += group
    return text


def _groups(digits: str) -> list[str]:
    return [digits[at : at + 4] for at in range(0, len(digits), 4)]
