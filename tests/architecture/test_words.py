"""Every Chinese sentence that a person reads passes the translation: another language is a catalogue."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import jinja2
from jinja2 import nodes

APP = Path(__file__).parents[2] / "app"
CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")  # words; signs such as 、 only separate them
TRANSLATED = frozenset({"_", "_l", "N_", "gettext", "lazy_gettext", "ngettext", "pgettext"})

# Words that are data, or that are read where no page is; a place may name the only words it may have.
EXEMPT: dict[str, frozenset[str] | None] = {
    "catalogue": None,  # what is wrong with a delivered file: for whoever keeps it, on the command line
    "demo": None,  # an imagined city, as data
    "gateways/documents": None,  # official documents are Chinese
    "public_notices/shown.py": None,
    "public_notices/services.py": None,
    "public_notices/exports.py": None,  # an official form and its title, frozen when it is posted
    "workflow/actor.py": frozenset({"系统", "支付平台"}),  # who acted, written into the history
    "applications/sections/normalising.py": None,  # what people type
    "applications/sections/shapes.py": None,  # what people type
    "applications/sections/tracks.py": None,  # names of the catalogue, compared and never shown
    "certificates/models.py": frozenset({"评审"}),  # printed on the certificate
    "certificates/services.py": frozenset(
        {"男", "女", "年", "月", r"(\d{4})年(\d{1,2})月", "演示样本"}
    ),  # printed on the certificate
    "files/services.py": frozenset({"文件"}),  # the name of a file that has none
    "announcements/blocks.py": frozenset({"一二三四五六七八九十"}),  # how a heading begins
    "cli.py": None,
    "audit/commands.py": None,
    "embedded.py": None,  # the command line
}
# Pages and forms are never data, whatever package they are in.
PAGES = re.compile(r"(^|/)(\w*views|\w*forms|wording|grids)(\.py$|/)")


def exempt(place: str, word: str) -> bool:
    if PAGES.search(place):
        return False
    return any(
        (place == each or place.startswith(f"{each}/")) and (words is None or word in words)
        for each, words in EXEMPT.items()
    )


def called(node: ast.Call) -> str:
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def bare_words(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, text) of every Chinese constant that is neither a docstring nor an argument of a translation."""

    def visit(node: ast.AST) -> Iterator[tuple[int, str]]:
        if isinstance(node, ast.Call) and called(node) in TRANSLATED:
            # The sentence itself must be a constant: an f-string has no place in a catalogue.
            plain = [each for each in node.args if not isinstance(each, ast.Constant)]
            for each in (*plain, *(keyword.value for keyword in node.keywords)):
                yield from visit(each)
            return
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CHINESE.search(node.value):
            yield node.lineno, node.value
        for child in ast.iter_child_nodes(node):
            yield from visit(child)

    yield from visit(tree)


def python_faults(root: Path) -> list[str]:
    return [
        f"{place}:{line}: {text}"
        for path in sorted(root.rglob("*.py"))
        for place in [path.relative_to(root).as_posix()]
        for line, text in bare_words(ast.parse(path.read_text(encoding="utf-8")))
        if not exempt(place, text)
    ]


FILE_NAME = re.compile(r"[\w/-]+\.(rtf|docx?|pdf|xlsx?)\b")  # a template to download is a Chinese document
ENVIRONMENT = jinja2.Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)


def template_words(source: str) -> Iterator[tuple[int, str]]:
    """(line, text) of every Chinese text of a template that is written outside `_()` and `{% trans %}`."""

    def visit(node: nodes.Node, translated: bool = False) -> Iterator[tuple[int, str]]:
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in TRANSLATED:
            for argument in node.args:
                yield from visit(argument, translated=isinstance(argument, nodes.Const))
            for keyword in node.kwargs:
                yield from visit(keyword)
            return
        text = ""
        if isinstance(node, nodes.TemplateData):
            text = node.data
        elif isinstance(node, nodes.Const) and isinstance(node.value, str) and not translated:
            text = node.value
        if found := CHINESE.search(FILE_NAME.sub("", text)):
            yield node.lineno + text.count("\n", 0, found.start()), " ".join(text.split())
        for child in node.iter_child_nodes():
            yield from visit(child)

    # `{% trans %}` is parsed into a call of gettext, which `visit` knows.
    yield from visit(ENVIRONMENT.parse(source))


def template_faults(root: Path) -> list[str]:
    return [
        f"{path.relative_to(root)}:{line}: {text}"
        for path in sorted((root / "templates").rglob("*.*"))
        if path.suffix in (".html", ".txt", ".xml")
        for line, text in template_words(path.read_text(encoding="utf-8"))
    ]


def state_names(tree: ast.AST, translated: bool = False) -> Iterator[int]:
    """Lines that take the name of a state, `NAMES[...].staff`, without translating it."""
    match tree:
        case ast.Attribute(value=ast.Subscript(value=ast.Name(id="NAMES")), attr="staff" | "applicant"):
            if not translated:
                yield tree.lineno
    inside = isinstance(tree, ast.Call) and called(tree) in TRANSLATED
    for child in ast.iter_child_nodes(tree):
        yield from state_names(child, inside)


def untranslated_states(root: Path) -> list[str]:
    return [
        f"{path.relative_to(root)}:{line}"
        for path in sorted(root.rglob("*.py"))
        for line in state_names(ast.parse(path.read_text(encoding="utf-8")))
    ]


def test_every_chinese_word_of_the_code_passes_the_translation() -> None:
    assert python_faults(APP) == []


def test_every_chinese_word_of_a_template_passes_the_translation() -> None:
    assert template_faults(APP) == []


def test_the_name_of_a_state_is_translated_where_it_is_shown() -> None:
    assert untranslated_states(APP) == []


def test_the_search_finds_what_it_looks_for() -> None:
    code = 'x = "甲"\ny = _("乙", n=f"丙{1}")\nlabel(N_("丁"))\n"""戊"""\nz = _(f"己{x}")'
    assert [text for _line, text in bare_words(ast.parse(code))] == ["甲", "丙", "己"]
    page = "<p>甲{# 乙 #}{{ _('丙') }}</p>{% trans %}丁{% endtrans %}{{ _('戊', x='己') }}\n{{ ui.b('庚') }}"
    assert list(template_words(page)) == [(1, "<p>甲"), (1, "己"), (2, "庚")]
    names = "a = NAMES[s].staff\nb = _(NAMES[s].applicant)"
    assert list(state_names(ast.parse(names))) == [1]
