"""What a section is made of: fields, attachments, rules across rows. Only values;
nothing here reads or writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from app.applications.sections.computing import Computed
from app.applications.sections.problems import Problem
from app.applications.sections.shapes import Shape, ShapeBy
from app.catalogue.conditions import Condition, parse
from app.catalogue.lists import CodeList

MiB = 1024 * 1024
# 上传图片要求jpg格式，单张图片大小不超过1兆。
PICTURE_MAX_BYTES = 1 * MiB
# 业绩成果等其他证明材料在模板中做好后，另存成pdf格式统一上传，pdf大小限定为30兆。
PDF_MAX_BYTES = 30 * MiB
MAX_BYTES: Mapping[str, int] = {"jpg": PICTURE_MAX_BYTES, "pdf": PDF_MAX_BYTES}


class FieldType(StrEnum):
    TEXT = "text"
    TEXTAREA = "textarea"
    INT = "int"
    YEAR = "year"  # a whole number, 2024
    DECIMAL = "decimal"
    DATE = "date"  # YYYY-MM-DD
    MONTH = "month"  # YYYY-MM
    BOOL = "bool"
    CODE = "code"
    DIVISION = "division"
    IDNO = "idno"
    USCC = "uscc"
    MOBILE = "mobile"
    EMAIL = "email"
    URL = "url"
    PAGES = "pages"  # pages of the merged PDF: 3-5,8
    REFERENCE = "reference"  # one row of another section of this application: PAPER:1f3a…
    REFERENCES = "references"  # several, joined by commas


class Source(StrEnum):
    """Where a value comes from. Only the applicant's own stand in the section's document; the others are
    joined when the section is shown, and locked. What is computed stands in the document, but is not typed."""

    APPLICANT = "applicant"
    COMPUTED = "computed"
    PERSON = "person"
    UNIT = "unit"
    APPLICATION = "application"


@dataclass(frozen=True)
class Option:
    code: str
    label: str


def options(*pairs: tuple[str, str]) -> tuple[Option, ...]:
    return tuple(Option(code, label) for code, label in pairs)


@dataclass(frozen=True)
class Field:
    """One field. `required_when` speaks of FACT_NAMES, of the row's other fields and of its attachments.

    `after` / `not_before` / `not_above` name another field of the row (strictly later, not earlier, not
    greater); `min_age` is the least age in years that the person must have reached at this month. `shape` is the
    form of a text, or the choice of one by another field. `computed` makes the field read-only. `must_be_true` is
    for what has to be confirmed. `refers_to` are the sections whose rows a reference may name. Neighbours with the same
    `group` stand under it as under a heading.
    """

    code: str
    label: str
    type: FieldType = FieldType.TEXT
    required: bool = False
    required_when: str = ""
    hint: str = ""
    choices: CodeList | tuple[Option, ...] | None = None
    source: Source = Source.APPLICANT
    max_length: int = 100
    min_length: int = 0
    minimum: int | None = None
    maximum: int | None = None
    not_in_future: bool = False
    after: str = ""
    not_before: str = ""
    not_above: str = ""
    min_age: int = 0
    shape: Shape | ShapeBy | None = None
    computed: Computed | None = None
    must_be_true: bool = False
    refers_to: tuple[str, ...] = ()
    group: str = ""
    condition: Condition = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "condition", parse("always" if self.required else self.required_when))
        if self.computed:
            object.__setattr__(self, "source", Source.COMPUTED)

    @property
    def typed(self) -> bool:
        """Whether the applicant fills it in."""
        return self.source is Source.APPLICANT

    @property
    def begins_at(self) -> str:
        """The field of the row with which the period begins that ends here, or ""."""
        return self.after or self.not_before

    @property
    def held(self) -> bool:
        """Whether the document holds it: what is typed, and what follows from it."""
        return self.typed or self.source is Source.COMPUTED

    @property
    def names(self) -> frozenset[str]:
        """The other fields of the row that this one speaks of, conditions apart."""
        by = self.shape.field if isinstance(self.shape, ShapeBy) else ""
        of = self.computed.of if self.computed else ()
        return frozenset({self.after, self.not_before, self.not_above, by, *of} - {""})


def grouped(heading: str, *fields: Field) -> tuple[Field, ...]:
    """The fields under one heading; for sections that are too long to be read in one piece."""
    return tuple(replace(each, group=heading) for each in fields)


@dataclass(frozen=True)
class Attachment:
    """A file that belongs to a row (or, `per_row` false, to the section); `kind` is a code of MaterialType.

    In `required_when`, `code` can be named like a field: `file empty`. A condition of a section's attachment
    holds when it holds for any row."""

    code: str
    kind: str
    label: str
    formats: tuple[str, ...] = ("jpg", "pdf")
    required: bool = False
    required_when: str = ""
    hint: str = ""
    per_row: bool = True
    max_files: int = 1
    condition: Condition = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "condition", parse("always" if self.required else self.required_when))

    def max_bytes(self, format: str) -> int:
        """The limit for a format; KeyError for one that is not accepted."""
        return {name: MAX_BYTES[name] for name in self.formats}[format]


@dataclass(frozen=True)
class Merged:
    """Evidence in one place only: the row's own file (code of its Attachment), or pages (code of its Field) of the
    one merged PDF of the whole application, which stands in ATTACH. `optional` evidence may be missing."""

    own: str
    page: str
    optional: bool = False


Row = Mapping[str, Any]
RowsRule = Callable[[Sequence[Row]], list[tuple[str | None, Problem]]]


@dataclass(frozen=True)
class Section:
    """One 表. `services` and `series` empty = all. `rows_rules` look across the rows of a repeating section
    and answer with (row id or None, Problem). `summary` names the fields by which a row is recognised in a
    list; `printed` those of its table in the 评审表 (empty = all). A change in a `substantive` section after
    a public notice asks for a new one."""

    code: str
    name: str
    order: int
    fields: tuple[Field, ...]
    attachments: tuple[Attachment, ...] = ()
    intro: str = ""
    repeats: bool = False
    min_rows: int = 1
    max_rows: int = 1
    services: frozenset[str] = frozenset()
    series: frozenset[str] = frozenset()
    required_when: str = "always"
    hide_unless_required: bool = False
    substantive: bool = True
    merged: Merged | None = None
    rows_rules: tuple[RowsRule, ...] = ()
    summary: tuple[str, ...] = ()
    printed: tuple[str, ...] = ()
    condition: Condition = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "condition", parse(self.required_when))
        self._refuse_unknown_names()

    def _refuse_unknown_names(self) -> None:
        own = {item.code for item in self.fields}
        known = own | {item.code for item in self.attachments} | FACT_NAMES | {PAGES_NAMED}
        for part in (*self.fields, *self.attachments):
            if not part.condition.names <= known:
                raise ValueError(f"{self.code}.{part.code} names {sorted(part.condition.names - known)}")
        if not self.condition.names <= FACT_NAMES:
            raise ValueError(f"{self.code} names {sorted(self.condition.names - FACT_NAMES)}")
        named = {*self.summary, *self.printed}.union(*(item.names for item in self.fields))
        if not named <= own:
            raise ValueError(f"{self.code} has no fields {sorted(named - own)}")

    def field(self, code: str) -> Field:
        """Raises KeyError."""
        return {item.code: item for item in self.fields}[code]

    def attachment(self, code: str) -> Attachment:
        """Raises KeyError."""
        return {item.code: item for item in self.attachments}[code]

    @property
    def row_attachments(self) -> tuple[Attachment, ...]:
        return tuple(item for item in self.attachments if item.per_row and self.repeats)

    @property
    def section_attachments(self) -> tuple[Attachment, ...]:
        return tuple(item for item in self.attachments if not (item.per_row and self.repeats))


@dataclass(frozen=True)
class Facts:
    """What the sections of an application depend on; "" where not known yet. `service` is a business in code
    (declaration, recognition, reconfirmation, replacement, registration); the others are codes."""

    service: str
    series: str = ""
    track: str = ""
    level: str = ""
    apply_type: str = ""
    unit_nature: str = ""
    id_type: str = ""

    def values(self) -> dict[str, str]:
        return asdict(self)


FACT_NAMES: frozenset[str] = frozenset(Facts.__dataclass_fields__)
# What conditions may ask besides: whether any row of the application names pages of the merged PDF.
PAGES_NAMED = "pdf_page"


def reference(section: str, row_id: str) -> str:
    """How a row of a section is referred to."""
    return f"{section}:{row_id}"


def references(value: str) -> list[str]:
    """The references that a value holds."""
    return [part for part in value.split(",") if part]
