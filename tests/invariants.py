"""Invariants of the code as functions: each takes a tree and returns its violations, one sentence each.

`test_architecture.py` checks the project with them; `test_invariants_detect.py` plants a violation of each.
"""

from __future__ import annotations

import ast
import io
import os
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FILE = 400
CODE = (".py", ".html", ".txt", ".xml", ".css", ".js")
NOT_OURS = ("static/vendor/",)

# Modules and sub-packages of a feature that may know the request, and packages that are entry points as a whole.
ENTRY_POINTS = frozenset({"views", "staff", "forms", "commands", "jobs", "wiring", "feature", "cli"})
ENTRY_PACKAGES = frozenset({"web", "accounts", "desk"})
TOP = frozenset({"__init__", "cli", "worker", "feature"})
REQUEST_STATE = frozenset({"portal.web.clock", "portal.web.pages", "portal.web.state"})
# Packages whose public signatures say what they take and give.
PURE = ("content", "timetable", "languages", "drafts", "publishing", "content_forms", "search/engine", "permits/finder")
# Records of one reference have one type, those of another another: only the caller knows which it asked for.
HETEROGENEOUS = frozenset({"content/catalogue.py:reference"})
MOST_LINES, MOST_MODULES = 1500, 12
WEB_LIBRARIES = frozenset({"flask", "werkzeug", "flask_babel", "flask_security", "flask_wtf", "flask_login"})

OLD_NAMES = frozenset(
    """Moment Press Stretch Unmerged Written Shelf Room Desk DeskPlace EditingDesk Chrome Book flips_at let_in lending
    speaking stretch stretches telling showing shelf deed deeds tap taps heads chrome wording letters gate told found
    tend settle room rooms voices""".split()  # noqa: SIM905
)
OLD_WORDS = re.compile(r"(?<!`)\b(?:deeds?|flips?|stretch(?:es)?|the house|rooms?|law of the)\b", re.IGNORECASE)

CLOCK_MODULES = frozenset({"web/clock.py", "cli.py"})
CLOCKS = frozenset(
    f"{owner}.{call}"
    for owner, calls in {
        "datetime": ("now", "utcnow", "today"),
        "date": ("today",),
        "time": ("time", "time_ns", "localtime", "gmtime", "ctime"),
        "func": ("now", "current_timestamp", "current_date", "localtimestamp"),
    }.items()
    for call in calls
)
TEMPLATE_CLOCK = re.compile(r"(?<![\w.])(?:now|utcnow|today|strftime)\s*\(|datetime\.")

# Words in the names of offices and districts that name no place of their own.
GENERIC = frozenset(
    """kantor imigrasi immigration office class kelas kota kabupaten city regency province provinsi negara tengah
    selatan utara barat timur daya tenggara pusat east west north south southwest central nusa republic""".split()  # noqa: SIM905
)
NUMBER = re.compile(r"(?P<money>\b(?:Rp|IDR)\.?\s?)?(?P<digits>\d[\d._,]*\d)")


def _parsed(portal: Path) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(portal.rglob("*.py")):
        yield path.relative_to(portal).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def _files(root: Path, folders: Iterable[str], suffixes: tuple[str, ...] = CODE) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in suffixes and path.is_file() and not any(part in path.as_posix() for part in NOT_OURS):
                yield path


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def broken_layers(root: Path) -> list[str]:
    """Imports that go sideways or up, as import-linter reports them, and packages that no layer names."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    environ = {**os.environ, "PYTHONPATH": str(root), "COLUMNS": "200"}
    ran = subprocess.run(
        [*command, "--config", str(root / ".importlinter")],
        cwd=root,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    return [] if ran.returncode == 0 else [ran.stdout + ran.stderr]


def import_circles(root: Path) -> list[str]:
    """The first circle of imports between modules of `portal`, those for types alone left out."""
    script = Path(__file__).with_name("import_circles.py")
    environ = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, str(script)]
    return subprocess.run(
        command, cwd=root, env=environ, capture_output=True, text=True, check=True
    ).stdout.splitlines()


def imports_of_the_top(portal: Path) -> list[str]:
    """Modules that import the application factory: only wsgi.py and tests stand above it."""
    results = []
    for name, tree in _parsed(portal):
        for node in ast.walk(tree):
            plain = isinstance(node, ast.Import) and any(alias.name == "portal" for alias in node.names)
            made = isinstance(node, ast.ImportFrom) and node.module == "portal" and not node.level
            if plain or (made and any(alias.name == "create_app" for alias in node.names)):  # type: ignore[attr-defined]
                results.append(f"{name}:{node.lineno} imports the application factory")  # type: ignore[attr-defined]
    return results


def unimportable(root: Path) -> list[str]:
    """Modules that cannot be imported as the first of the project, each tried in a process of its own."""
    script = Path(__file__).with_name("import_alone.py")
    environ = {**os.environ, "PYTHONPATH": str(root)}
    ran = subprocess.run(
        [sys.executable, "-W", "error", str(script), str(root / "portal")],
        env=environ, capture_output=True, text=True, check=False, cwd=root,
    )  # fmt: skip
    lines = ran.stdout.splitlines()
    return lines if not ran.returncode else [*lines, ran.stderr]


def _is_entry_point(name: str) -> bool:
    parts = name.removesuffix(".py").split("/")
    top = len(parts) == 1 and parts[0] in TOP
    return top or parts[0] in ENTRY_PACKAGES or bool(ENTRY_POINTS & set(parts[1:])) or parts[0] == "migrations"


def web_outside_entry_points(portal: Path) -> list[str]:
    """Modules that import a web library, or the state of the request, though they are no entry point."""
    violations = []
    for name, tree in _parsed(portal):
        if _is_entry_point(name):
            continue
        violations += [
            f"{name} imports {module}"
            for module in _imports(tree)
            if module.split(".")[0] in WEB_LIBRARIES or module in REQUEST_STATE
        ]
    return violations


def untyped_signatures(portal: Path) -> list[str]:
    """Public functions of pure packages that take or return `Any`."""
    violations = []
    for name, tree in _parsed(portal):
        if not name.startswith(tuple(f"{package}/" for package in PURE)) or _is_entry_point(name):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
                hints = [argument.annotation for argument in arguments] + [node.returns]
                names = {part.id for hint in hints if hint for part in ast.walk(hint) if isinstance(part, ast.Name)}
                if "Any" in names and f"{name}:{node.name}" not in HETEROGENEOUS:
                    violations.append(f"{name}:{node.lineno} {node.name} takes or returns Any")
    return violations


def large_packages(root: Path) -> list[str]:
    """Folders of code with more lines or modules than somebody keeps in mind; each sub-package counts for itself."""
    violations = []
    for folder in sorted({path.parent for path in (root / "portal").rglob("*.py")}):
        modules = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
        lines = sum(len(path.read_bytes().splitlines()) for path in folder.glob("*.py"))
        name = folder.relative_to(root).as_posix()
        if (lines > MOST_LINES or len(modules) > MOST_MODULES) and not name.startswith("portal/migrations"):
            violations.append(f"{name} has {lines} lines in {len(modules)} modules")
    return violations


def _is_prose(token: tokenize.TokenInfo) -> bool:
    return token.type == tokenize.COMMENT or (token.type == tokenize.STRING and token.string.startswith('"""'))


def old_vocabulary(root: Path) -> list[str]:
    """Names of the project's former private vocabulary, so that it does not come back."""
    violations = []
    for path in _files(root, ["portal", "tests", "bench"], (".py",)):
        name = path.relative_to(root).as_posix()
        if name.startswith("portal/migrations") or name == "tests/invariants.py":
            continue
        tokens = list(tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline))
        for before, token, after in zip([tokens[0], *tokens], tokens, [*tokens[1:], tokens[-1]], strict=False):
            # A keyword argument may be the name of a stored or submitted field, which stays.
            is_keyword = after.string == "=" and before.string in ("(", ",", "\n", "")
            if token.type == tokenize.NAME and token.string in OLD_NAMES and not is_keyword:
                violations.append(f"{name}:{token.start[0]} says {token.string}")
            elif _is_prose(token) and (word := OLD_WORDS.search(token.string)):
                violations.append(f"{name}:{token.start[0]} says {word[0]}")
    for path in _files(root, ["portal/templates"], (".html", ".txt", ".xml")):
        for comment in re.findall(r"\{#.*?#\}", path.read_text(encoding="utf-8"), re.S):
            if word := OLD_WORDS.search(comment):
                violations.append(f"{path.relative_to(root).as_posix()} says {word[0]}")
    return violations


def clocks(portal: Path) -> list[str]:
    """Places that ask a clock though they are neither the moment nor a command."""
    results = []
    for name, tree in _parsed(portal):
        if name in CLOCK_MODULES or name.endswith("/commands.py"):
            continue
        for node in ast.walk(tree):
            if not isinstance(node, ast.Attribute):
                continue
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            if f"{owner}.{node.attr}" in CLOCKS:
                results.append(f"{name}:{node.lineno} asks {owner}.{node.attr}")
    for path in _files(portal, ["templates"], (".html", ".txt", ".xml")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if TEMPLATE_CLOCK.search(line):
                results.append(f"{path.relative_to(portal).as_posix()}:{number} asks a clock")
    return results


def long_files(root: Path) -> list[str]:
    """Files of code, template, style or test with more lines than somebody reads at one sitting."""
    counted = ((path, len(path.read_bytes().splitlines())) for path in _files(root, ["portal", "tests", "bench"]))
    kept = ("tests/sample_content/", "/search/data/")
    return [
        f"{path.relative_to(root).as_posix()} has {lines} lines"
        for path, lines in counted
        if lines > LONGEST_FILE and not any(part in path.as_posix() for part in kept)
    ]


def local_names(root: Path) -> list[str]:
    """Names of the office, its districts or its fees inside the code, where another office would find them."""
    words, fees = _proper_names(root / "content"), _fees(root / "content")
    pattern = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, words)))})\b", re.IGNORECASE)
    results = []
    for path in _files(root, ["portal"]):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            named = [one[0] for one in pattern.finditer(line)] if words else []
            named += [one[0] for one in NUMBER.finditer(line) if _is_fee(one, fees)]
            results += [f"{path.relative_to(root).as_posix()}:{number} says '{one}'" for one in named]
    return results


def _is_fee(number: re.Match[str], fees: set[int]) -> bool:
    value = int(re.sub(r"\D", "", number["digits"]))
    # A bare round number may be a limit of the machine; beside a currency it never is.
    return value in fees and (bool(number["money"]) or len(str(value).rstrip("0")) > 1)


def _fees(content: Path) -> set[int]:
    path = content / "reference" / "fees.yaml"
    records = _yaml(path) if path.exists() else {}
    values = [dated["value"] for record in records.values() for dated in record["values"]]
    return {value for value in values if isinstance(value, int) and value >= 10_000}


def _yaml(path: Path) -> Any:
    # The reader of the site is libyaml too; the two differ in what they accept.
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def _proper_names(content: Path) -> set[str]:
    site = _yaml(content / "site.yaml")
    texts = [text for key in ("name", "short_name", "region") for text in site[key].values()]
    districts = content / "reference" / "districts.yaml"
    if districts.exists():
        for record in _yaml(districts).values():
            texts += record["name"].values()
    words = {word.casefold() for text in texts for word in re.findall(r"[A-Za-z]{4,}", text)}
    return words - GENERIC


def settings_read(root: Path) -> set[str]:
    """The settings that the code, the Makefile and the deployment read."""
    sources = [*_files(root, ["portal"], (".py",)), root / "Makefile", *(root / "deploy").rglob("*")]
    texts = [path.read_text(encoding="utf-8") for path in sources if path.is_file()]
    return {name for text in texts for name in re.findall(r"\bPORTAL_[A-Z_]+[A-Z]\b", text)}


def undocumented(root: Path, names: Iterable[str]) -> list[str]:
    """Those of the names that no page of documentation gives as code."""
    pages = "\n".join(path.read_text(encoding="utf-8") for path in [*(root / "docs").rglob("*.md"), root / "README.md"])
    return [f"{name} is in no document" for name in sorted(names) if not re.search(rf"`{re.escape(name)}[`=\s]", pages)]


# What fails when it is not as expected, beside an assertion of one's own.
EXPECTS = frozenset({"raises", "fail", "expect"})
WAITS = frozenset({"sleep", "wait_for_timeout"})


def idle_tests(root: Path) -> list[str]:
    """Tests in which nothing can fail: no assertion, no expected error, no function of the tests that asserts."""
    modules = {
        ".".join(path.relative_to(root).with_suffix("").parts): ast.parse(path.read_text(encoding="utf-8"))
        for path in _files(root, ["tests"], (".py",))
    }
    helpers = {name: _functions(tree) | _borrowed(tree) for name, tree in modules.items()}
    results = []
    for name, tree in modules.items():
        for function in _functions(tree).values():
            if function.name.startswith("test_") and not _asserts(function, name, modules, helpers, frozenset()):
                results.append(f"{name}:{function.lineno} {function.name} asserts nothing")
    return results


def _functions(tree: ast.Module) -> dict[str, Any]:
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def _borrowed(tree: ast.Module) -> dict[str, Any]:
    """The names that come from other modules of the tests, with the module that has them."""
    imports = [
        node for node in tree.body if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tests.")
    ]
    return {alias.asname or alias.name: (node.module, alias.name) for node in imports for alias in node.names}


def _asserts(function: ast.FunctionDef, module: str, modules: Any, helpers: Any, seen: frozenset[str]) -> bool:
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            return True
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in EXPECTS:
            return True
        # A method may be anything of that name; only plain functions can be looked up.
        helper, home, seen_here = helpers[module].get(name), module, seen | {f"{module}.{name}"}
        if isinstance(node.func, ast.Attribute) or helper is None or seen_here == seen:
            continue
        if isinstance(helper, tuple):
            home, original = helper
            helper = _functions(modules[home]).get(original) if home in modules else None
        if helper is not None and _asserts(helper, home, modules, helpers, seen_here):
            return True
    return False


def waits(root: Path) -> list[str]:
    """Places in tests that let time pass; only `tests/waiting.py` may, between two looks at a condition."""
    results = []
    for path in _files(root, ["tests"], (".py",)):
        name = path.relative_to(root).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = getattr(node, "attr", "") or getattr(node, "id", "")
            if called in WAITS and name != "tests/waiting.py":
                results.append(f"{name}:{node.lineno} calls {called}")  # type: ignore[attr-defined]
    return results
