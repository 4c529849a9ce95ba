"""The workbook in which rows of a section are filled in for the import: a heading with an example, lists to choose from."""

from __future__ import annotations

import io

import xlsxwriter
from flask_babel import gettext
from sqlalchemy.orm import Session
from xlsxwriter.utility import xl_col_to_name

from app.applications.sections.declaration import Field, FieldType, Section
from app.applications.sources.import_table import example_line, import_fields, names_of
from app.gateways.spreadsheets import MAX_LINES

WIDTH, WIDE = 18, 40
INPUT_MESSAGE_MAX = 255  # what a table program shows of a hint
LISTED_MAX = 1_000  # divisions are written out, not chosen from three thousand


def template(session: Session, section: Section) -> bytes:
    """An .xlsx file: on the first sheet the labels as headings and one example line, on the second the names of codes."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet, lists = book.add_worksheet(gettext("填写")), book.add_worksheet(gettext("代码表"))
        bold, required = book.add_format({"bold": True}), book.add_format({"bold": True, "font_color": "#b42318"})
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})  # digits stay as typed
        sheet.freeze_panes(1, 0)
        example, listed = example_line(session, section), 0
        for column, field in enumerate(import_fields(section)):
            sheet.set_column(column, column, WIDE if field.type is FieldType.TEXTAREA else WIDTH, text)
            sheet.write_string(0, column, gettext(field.label), required if field.required else bold)
            sheet.write_string(1, column, example[column], text)
            rule = {"validate": "any", "input_message": _hint(field)[:INPUT_MESSAGE_MAX]}
            names = _listed(session, field)
            if names:
                lists.write_string(0, listed, gettext(field.label), bold)
                lists.set_column(listed, listed, WIDTH)
                for place, name in enumerate(names, 1):
                    lists.write_string(place, listed, name)
                letter = xl_col_to_name(listed, True)
                source = f"='{lists.get_name()}'!{letter}$2:{letter}${len(names) + 1}"
                rule |= {"validate": "list", "source": source, "error_type": "warning"}
                listed += 1
            sheet.data_validation(1, column, MAX_LINES + 1, column, rule)
    return out.getvalue()


def _listed(session: Session, field: Field) -> list[str]:
    if field.type is FieldType.BOOL:
        return [gettext("是"), gettext("否")]
    names = list(names_of(session, field).values())
    return names if len(names) <= LISTED_MAX else []


def _hint(field: Field) -> str:
    return gettext("必填。") * field.required + (gettext(field.hint) if field.hint else "")
