"""Adds up the JUnit reports of a folder and prints the closing line of the test run.

    count_results.py FOLDER [FAILED CHECK...]

A named check that failed counts as one failure. With CI set, a browser test that was skipped is a failure.
The exit code is 1 when anything failed.
"""

import os
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

BROWSER = re.compile(r"chrome|chromium|devtools|websocket", re.IGNORECASE)


def count(report: Path) -> tuple[int, int, list[tuple[str, str]]]:
    """(passed, failed, [(test, reason)] of the skipped ones) of one report."""
    passed = failed = 0
    skipped: list[tuple[str, str]] = []
    for case in ElementTree.parse(report).iter("testcase"):
        reason = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif reason is None:
            passed += 1
        elif reason.get("type") == "pytest.xfail":
            passed += 1
        else:
            name = f"{case.get('classname')}.{case.get('name')}"
            skipped.append((name, f"{reason.get('message') or ''} {reason.text or ''}"))
    return passed, failed, skipped


def main(arguments: list[str]) -> int:
    folder, failed_checks = Path(arguments[0]), arguments[1:]
    passed, failed = 0, len(failed_checks)
    for check in failed_checks:
        print(f"failed: {check}", file=sys.stderr)
    for report in sorted(folder.glob("*.xml")):
        more_passed, more_failed, skipped = count(report)
        without_browser = [name for name, reason in skipped if BROWSER.search(reason)]
        passed, failed = passed + more_passed, failed + more_failed
        counts = f"{more_passed} passed, {more_failed} failed, {len(skipped)} skipped"
        print(f"{report.stem}: {counts}", file=sys.stderr)
        if os.environ.get("CI") and without_browser:
            failed += len(without_browser)
            print(f"failed: skipped for want of a browser: {', '.join(without_browser)}", file=sys.stderr)
    sys.stderr.flush()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
