"""Fails on warnings in a log of Odoo.

    check_log.py FILE [--strict]

Without --strict only warnings that concern this repository count: they name one of its addons, or are of
the kinds that Odoo logs instead of refusing a mistake. With --strict every warning counts.
"""

import re
import sys
from pathlib import Path

RECORD = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ (?P<level>[A-Z]+) ")
BAD_LEVELS = {"WARNING", "ERROR", "CRITICAL"}
OURS = re.compile(
    r"aftersales|unknown parameter|no longer supported|View error context|Invalid view|RelaxNG|"
    r"inconsistent|Failed to load|has no access rules|loading the demo data",
    re.IGNORECASE,
)


def records(text: str) -> list[tuple[str, str]]:
    """(level, whole text) of each record; lines without a time stamp belong to the record before them."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        match = RECORD.match(line)
        if match:
            found.append((match["level"], [line]))
        elif line.startswith("Traceback (most recent call last)"):
            found.append(("ERROR", [line]))
        elif found:
            found[-1][1].append(line)
    return [(level, "\n".join(lines)) for level, lines in found]


def complaints(text: str, strict: bool) -> list[str]:
    bad = [body for level, body in records(text) if level in BAD_LEVELS]
    return [body for body in bad if strict or OURS.search(body)]


def main(arguments: list[str]) -> int:
    strict = "--strict" in arguments
    path = Path(next(argument for argument in arguments if not argument.startswith("--")))
    found = complaints(path.read_text(errors="replace"), strict)
    for body in found:
        print(body[:2000], file=sys.stderr)
    if found:
        print(f"{len(found)} warnings in {path}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
