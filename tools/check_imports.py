"""The import rule of docs/architecture.md: which folder may import which, that the engine is pure, and that bridge
addons do not import one another.

The engine may import the standard library, dateutil and itself. Modules of the standard library that read a clock's
surroundings, files or the network are not pure either.
"""

import ast
import sys
from pathlib import Path

ENGINE = Path("aftersales_contracts/engine")
ADDON = ENGINE.parent
CLOSED = {  # folder: folders of the addon that it must not import
    "models": {"wizard", "controllers", "cli"},
    "wizard": {"engine", "report", "controllers", "cli"},
    "controllers": {"engine", "report", "wizard", "cli"},
    "report": {"models", "engine", "wizard", "controllers", "cli"},
}
THIRD_PARTY = {"dateutil"}
IMPURE = {"os", "io", "pathlib", "logging", "socket", "subprocess", "sqlite3", "urllib", "http", "shutil",
          "tempfile", "multiprocessing", "asyncio", "random", "time"}  # fmt: skip
CLOCK_CALLS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}


def imported(node: ast.AST) -> list[str]:
    """Names a statement imports; an import relative to the package is the engine's own."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0:
        return [node.module or ""]
    if isinstance(node, ast.ImportFrom) and node.level > 1:
        return ["." * node.level + (node.module or "")]
    return []


def allowed(name: str) -> bool:
    root = name.split(".")[0]
    return root in THIRD_PARTY or (root in sys.stdlib_module_names and root not in IMPURE)


def reads_clock(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    owner = node.func.value
    name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
    return (name, node.func.attr) in CLOCK_CALLS


def complaints(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        found += [f"{path}:{node.lineno}: imports {name}" for name in imported(node) if not allowed(name)]
        if reads_clock(node):
            found.append(f"{path}:{node.lineno}: reads the clock; pass `now` as an argument")
    return found


def foreign_bridges(path: Path, bridge: str) -> list[str]:
    """Imports of ``path``, a file of ``bridge``, from another bridge: it may import the core addon and itself."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [
            alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        others = [name for name in names if name.removeprefix("odoo.addons.").startswith(f"{ADDON}_")
                  and name.removeprefix("odoo.addons.").split(".")[0] != bridge]
        found += [f"{path}:{node.lineno}: imports {name}, another bridge" for name in others]
    return found


def crossings(path: Path, closed: set[str]) -> list[str]:
    """Imports of ``path``, a file of the addon, from a folder that is closed to it."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.ImportFrom):
            module = (node.module or "").removeprefix("odoo.addons.aftersales_contracts.")
            named = {module.split(".")[0]} if module else {alias.name for alias in node.names}
            ours = node.level > 1 or module != (node.module or "")
            found += [f"{path}:{node.lineno}: imports {name}" for name in sorted(named & closed) if ours]
    return found


def main() -> int:
    found = [line for path in sorted(ENGINE.rglob("*.py")) for line in complaints(path)]
    for folder, closed in CLOSED.items():
        found += [line for path in sorted((ADDON / folder).rglob("*.py")) for line in crossings(path, closed)]
    for bridge in sorted(Path().glob(f"{ADDON}_*")):
        found += [line for path in sorted(bridge.rglob("*.py")) for line in foreign_bridges(path, bridge.name)]
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
