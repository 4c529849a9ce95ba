"""The names of the code lists, by which sections, forms and queries ask for them."""

from __future__ import annotations

from enum import StrEnum


class Further(StrEnum):
    """What a rule of eligibility may ask besides education, title and years."""

    EXAM = "EXAM"  # 考评结合: the examination first, the review after it
    NOTE = "NOTE"  # what its note says and no field proves: 中师, 翻译相关专业, 基层 …


class CodeList(StrEnum):
    """`TITLE_SERIES` and `TITLE_LEVEL` are tables of their own, asked for in the same way."""

    ETHNIC_GROUP = "ethnic_group"
    GENDER = "gender"
    POLITICAL = "political"
    EDUCATION = "education"
    EDUCATION_MODE = "education_mode"
    EDUCATION_GB = "education_gb"
    DEGREE = "degree"
    QUALIFYING = "qualification_token"
    DIVISION = "division"
    DIVISION_LIUZHOU = "division_liuzhou"
    UNIT_NATURE = "unit_nature"
    UNIT_LEVEL = "unit_level"
    UNIT_AFFILIATION = "unit_affiliation"
    ID_TYPE = "id_type"
    ANNUAL_ASSESSMENT = "annual_assessment"
    APPLY_TYPE = "apply_type"
    ACHIEVEMENT_GRADE = "achievement_grade"
    ACHIEVEMENT_KIND = "achievement_kind"
    JOURNAL_GRADE = "journal_grade"
    RETURN_REASON = "return_reason"
    RECUSAL_RELATION = "recusal_relation"
    HONESTY_RECORD = "honesty_record"
    BUSINESS_TYPE = "business_type"
    CAMPAIGN_STAGE = "campaign_stage"
    CE_REQUIREMENT = "ce_requirement"
    FEE_DEFAULT = "fee_default"
    TITLE_HISTORIC = "title_historic"
    TITLE_SERIES = "title_series"
    TITLE_LEVEL = "title_level"
