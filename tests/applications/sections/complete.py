"""A complete row of every section that repeats and is not in rows.py, with the kinds of the files that it wants; computed
values included."""

from __future__ import annotations

from typing import Any

from app.applications.sections.declaration import Facts

TEACHER = Facts("declaration", "22", "中小学教师", "ASSOC", "NORMAL", "PSU_FULL", "ID")
DOCTOR = Facts("declaration", "04", "医疗（含中医）", "ASSOC", "NORMAL", "PSU_FULL", "ID")
PHARMACIST = Facts("declaration", "04", "药学（含中药）", "ASSOC", "NORMAL", "PSU_FULL", "ID")
ARTIST = Facts("declaration", "23", "美术", "MID", "NORMAL", "PSU_FULL", "ID")
COACH = Facts("declaration", "14", "教练员", "MID", "NORMAL", "PSU_FULL", "ID")

SUMMARY_TEXT = "任现职以来，本人承担结构设计和现场技术服务，完成项目十二项。" * 60

ROWS: dict[str, dict[str, Any]] = {
    "TRAIN": {"start": "2023-04", "end": "2023-05", "org": "自治区继续教育基地", "content": "海绵城市专题培训"},
    "LICENSE": {
        "kind": "PRACTICE", "name": "医师执业证书", "no": "110450200001", "org": "柳州市卫生健康委员会", "date": "2013-05-16",
    },
    "CE": {"year": 2025, "public_hours": "30", "pro_hours": "62.5", "total": "92.5", "result": True},
    "ASSESS": {"year": 2025, "grade": "B", "unit": "柳州某厂"},
    "EXAM": {"kind": "ABILITY", "name": "专业水平能力测试", "date": "2024-05"},
    "GRASS": {
        "kind": "MEDICAL", "place": "三江县某镇卫生院", "division": "450226", "start": "2023-03-01", "end": "2024-02-29",
        "months": 12,
    },
    "AWARD": {
        "name": "优秀设计", "kind": "DESIGN", "grade": "CITY", "org": "柳州市勘察设计协会", "date": "2023-10", "rank": 1,
        "pdf_page": "1",
    },
    "PATENT": {
        "name": "一种雨水口", "kind": "UTILITY", "no": "ZL202299990001.0", "status": "GRANTED", "date": "2023-09-20",
        "rank": 1, "pdf_page": "2",
    },
    "PAPER": {
        "title": "岩溶地区路基沉陷的处治", "journal": "市政技术", "cn": "CN45-9991/TU", "issn": "9990-0017", "grade": "PROV",
        "date": "2023-08", "issue": "第18卷第4期，第33-37页", "rank": 1, "pdf_page": "3",
    },
    "BOOK": {
        "title": "市政道路设计", "kind": "COMPILED", "publisher": "某某出版社", "isbn": "9787999900016", "date": "2022-06",
        "role": "CONTRIBUTOR", "words": "6.5", "total_words": "32", "pdf_page": "4",
    },
    "STD": {"name": "专项方案", "kind": "SCHEME", "org": "城区住建局", "date": "2024-03", "rank": 1, "pdf_page": "5"},
    "TEACH": {
        "year": "2024-2025-1", "course": "数学", "weekly": "12.5", "weeks": 18, "total": "225", "pdf_page": "6",
    },
    "CLASSTEACHER": {"start": "2022-09", "end": "2024-07", "role": "CLASS", "klass": "2022级（3）班", "pdf_page": "7"},
    "MEDWORK": {"year": 2025, "outpatient": 3000, "op_total": 131, "op_34": 66},
    "CASE": {
        "no": "ZY0417", "diagnosis": "急性前壁心肌梗死", "in_date": "2024-04-11", "out_date": "2024-04-26",
        "role": "RESCUE", "kind": "CRITICAL", "desensitized": True,
    },
    "ARTWORK": {"name": "柳江晨曦", "kind": "油画", "date": "2024-10", "venue": "广西美术馆", "pdf_page": "8"},
    "COACH": {
        "athlete": "韦某", "event": "女子48公斤级举重", "match": "自治区运动会", "rank": "第一名", "date": "2024-08",
        "period": "2021-03至2024-08", "pdf_page": "8",
    },
    "MENTOR": {"person": "覃某", "way": "师带徒", "start": "2023-07"},
    "PARTTIME": {"org": "柳州市医学会", "post": "青年委员", "start": "2024-05"},
}  # fmt: skip
FILES = {
    "LICENSE": ["LICENSE"], "CE": ["CE"], "EXAM": ["EXAM_PASS"], "GRASS": ["GRASSROOTS"], "MEDWORK": ["MEDWORK"],
    "CASE": ["CASE"],
}  # fmt: skip
FACTS = {
    "LICENSE": DOCTOR, "TEACH": TEACHER, "CLASSTEACHER": TEACHER, "MEDWORK": DOCTOR, "CASE": DOCTOR, "ARTWORK": ARTIST,
    "COACH": COACH,
}  # fmt: skip
