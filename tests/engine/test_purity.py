"""The engine is pure: standard library, dateutil and itself; no clock, no input or output."""

import ast
import sys
from pathlib import Path

import pytest

import engine

ROOT = Path(engine.__file__).parent
SOURCES = sorted(ROOT.glob("**/*.py"))
ALLOWED = set(sys.stdlib_module_names) | {"dateutil"}
# Reading the clock, the outside world, or leaving a trace in it.
FORBIDDEN_MODULES = {
    "logging",
    "os",
    "io",
    "socket",
    "subprocess",
    "time",
    "random",
    "pathlib",
    "sqlite3",
    "urllib",
}
FORBIDDEN_CALLS = {"now", "today", "utcnow", "open", "print", "input", "exec", "eval", "localtime", "getenv"}


def violations(source):
    """(line, what) of everything in a source text that the engine may not do."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names if not _may_import(alias.name)]
        elif isinstance(node, ast.ImportFrom):
            inside = node.level == 1
            if not inside and (node.level > 1 or not _may_import(node.module)):
                found.append((node.lineno, "." * node.level + (node.module or "")))
        elif isinstance(node, ast.Call) and _name(node.func) in FORBIDDEN_CALLS:
            found.append((node.lineno, _name(node.func)))
    return found


def _may_import(module):
    top = module.split(".")[0]
    return top in ALLOWED and top not in FORBIDDEN_MODULES


def _name(function):
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", None)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_the_engine_is_pure(source):
    assert violations(source.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "import odoo",
        "from odoo import fields",
        "from odoo.tools import float_round",
        "from .. import models",
        "from ..models import contract",
        "import psycopg2.extras",
        "from datetime import datetime\nnow = datetime.now()",
        "import datetime\nday = datetime.date.today()",
        "import time",
        "import logging",
        "def read():\n    return open('terms')",
    ],
)
def test_the_guard_sees(source):
    assert violations(source)


def test_the_guard_lets_pass_what_is_pure():
    assert (
        violations(
            "from . import clock\nfrom .worktime import WorkCalendar\nimport bisect\nimport dateutil.tz"
        )
        == []
    )


def test_there_is_something_to_guard():
    assert {"worktime.py", "clock.py", "compliance.py", "period.py"} <= {path.name for path in SOURCES}
