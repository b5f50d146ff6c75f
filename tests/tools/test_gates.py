"""The gates of `./dev test` must close: a warning in the log, a failed test, a skipped browser test."""

import importlib.util
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[2] / "tools"
HEAD = "2026-01-05 08:00:00,123 4711 {level} demo odoo.somewhere: "


def tool(name):
    spec = importlib.util.spec_from_file_location(name, TOOLS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("level", "text", "strict", "code"),
    [
        ("INFO", "module aftersales_contracts loaded", True, 0),
        ("WARNING", "a third party grumbles", False, 0),
        ("WARNING", "a third party grumbles", True, 1),
        ("WARNING", "Field x.y: unknown parameter 'track_visibility'", False, 1),
        ("ERROR", "no rule\n  File aftersales_contracts/models/x.py", False, 1),
    ],
)
def test_log(tmp_path, capsys, level, text, strict, code):
    log = tmp_path / "odoo.log"
    log.write_text(HEAD.format(level="INFO") + "start\n" + HEAD.format(level=level) + text + "\n")
    assert tool("check_log").main([str(log), *(["--strict"] if strict else [])]) == code


def test_traceback_without_time_stamp_is_an_error(tmp_path, capsys):
    log = tmp_path / "odoo.log"
    log.write_text("Traceback (most recent call last):\n  aftersales_contracts/models/x.py\nKeyError: 1\n")
    assert tool("check_log").main([str(log)]) == 1


CASES = {
    "good": '<testcase classname="a" name="good"/>',
    "bad": '<testcase classname="a" name="bad"><failure message="no"/></testcase>',
    "broken": '<testcase classname="a" name="broken"><error message="no"/></testcase>',
    "no_data": '<testcase classname="a" name="no_data"><skipped message="the log is not here"/></testcase>',
    "no_browser": '<testcase classname="a" name="w"><skipped message="Chrome executable not found"/></testcase>',
}


@pytest.mark.parametrize(
    ("cases", "checks", "ci", "line", "code"),
    [
        (["good", "good", "no_data"], [], "", "2 passed, 0 failed", 0),
        (["good", "bad", "broken"], [], "", "1 passed, 2 failed", 1),
        (["good"], ["lint"], "", "1 passed, 1 failed", 1),
        (["good", "no_browser"], [], "", "1 passed, 0 failed", 0),
        (["good", "no_browser", "no_data"], [], "true", "1 passed, 1 failed", 1),
    ],
)
def test_count(tmp_path, capsys, monkeypatch, cases, checks, ci, line, code):
    monkeypatch.setenv("CI", ci)
    report = "".join(CASES[case] for case in cases)
    (tmp_path / "odoo.xml").write_text(f"<testsuites><testsuite>{report}</testsuite></testsuites>")
    assert tool("count_results").main([str(tmp_path), *checks]) == code
    assert capsys.readouterr().out == line + "\n"


@pytest.mark.parametrize(
    ("source", "clean"),
    [
        ("from datetime import date\nfrom dateutil import tz\nfrom .period import Period\n", True),
        ("import odoo\n", False),
        ("from odoo import fields\n", False),
        ("import logging\n", False),
        ("from ..models import contract\n", False),
        ("from datetime import datetime\nnow = datetime.now()\n", False),
    ],
)
def test_engine_imports(tmp_path, source, clean):
    path = tmp_path / "module.py"
    path.write_text(source)
    assert (not tool("check_imports").complaints(path)) == clean


@pytest.mark.parametrize(("source", "clean"), [
    ("from ..models.service.request import TERMS\n", False),
    ("from odoo.addons.aftersales_contracts.models import request\n", False),
    ("from .. import models\n", False),
    ("from .values import StatementValues\n", True),
    ("from reportlab.pdfgen import canvas\n", True),
])
def test_a_folder_does_not_import_from_one_that_is_closed_to_it(tmp_path, source, clean):
    path = tmp_path / "drawing.py"
    path.write_text(source, encoding="utf-8")
    check = tool("check_imports")
    assert (not check.crossings(path, check.CLOSED["report"])) == clean
