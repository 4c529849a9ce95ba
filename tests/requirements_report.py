"""Which test proves which requirement: one line for every number of docs/requirements.md, in its order, with
how many tests carry the number and their names; `none` where there is no test. Nothing is run.

    make requirements
"""

from __future__ import annotations

import contextlib
import io
import re
import sys
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NUMBERED = re.compile(r"^[-*]\s+\**([PAURM]\d+)\b", re.MULTILINE)


class Collector:
    """A pytest plugin that notes the numbers of the marker `requirement`."""

    def __init__(self) -> None:
        self.tests: dict[str, list[str]] = defaultdict(list)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            name = getattr(item, "originalname", None) or item.name
            for number in {each for marker in item.iter_markers("requirement") for each in marker.args}:
                # A test on two databases is one test.
                if name not in self.tests[number]:
                    self.tests[number].append(name)


def numbers(text: str) -> list[str]:
    """The numbers of the requirements in the order in which they stand."""
    return list(dict.fromkeys(NUMBERED.findall(text)))


def lines(known: list[str], tests: dict[str, list[str]]) -> list[str]:
    """The report; ends with the numbers that only tests know, which are mistakes."""
    report = []
    for number in known:
        names = tests.get(number, [])
        report.append(f"{number:<4} {len(names):>3}  {', '.join(names) or 'none'}")
    for number in sorted(set(tests) - set(known)):
        report.append(f"{number}: not in docs/requirements.md, named by {', '.join(tests[number])}")
    return report


def main() -> int:
    """0, or pytest's exit code with its output if the tests cannot be collected."""
    collector = Collector()
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        code = pytest.main(
            ["--collect-only", "-qq", "--rootdir", str(ROOT), str(ROOT / "tests")], plugins=[collector]
        )
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        print(output.getvalue(), file=sys.stderr)
        return int(code)
    print("\n".join(lines(numbers((ROOT / "docs" / "requirements.md").read_text()), collector.tests)))
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
