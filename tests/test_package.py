"""The package as a whole: what is public, what an import loads, and how rooms reach each other."""

import ast
import re
import subprocess
import sys

import pytest

import histoexpr
from support import ROOT

FILES = sorted((ROOT / "histoexpr").rglob("*.py"))


def test_import_is_light():
    code = (
        "import sys, histoexpr; "
        "heavy = {'torch', 'matplotlib', 'skorch', 'pandas'} & set(sys.modules); "
        "assert not heavy, heavy; "
        "from histoexpr.datasets import load_deepchrome; "
        "assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_all_public_names_exist():
    for name in histoexpr.__all__:
        assert getattr(histoexpr, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = histoexpr.nonsense
    assert set(histoexpr.__all__) <= set(dir(histoexpr))


def test_names_come_from_the_rooms_that_define_them():
    for name in set(histoexpr.__all__) - {"__version__"}:
        assert getattr(histoexpr, name).__module__.startswith("histoexpr.")
    assert 40 <= len(histoexpr.__all__) <= 120


def imports_of(path):
    """Yield the absolute module and the names of every import in a file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, []) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = list(parts[: len(parts) - node.level]) if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield module, [alias.name for alias in node.names]


def room_of(path):
    parts = path.relative_to(ROOT).parts
    return parts[1] if len(parts) > 2 else None


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_rooms_are_entered_by_their_doors(path):
    for module, names in imports_of(path):
        parts = module.split(".")
        if parts[0] == "histoexpr" and len(parts) > 1 and parts[1] != room_of(path):
            private = [part for part in [*parts[2:], *names] if part.startswith("_")]
            assert not private, f"{module}: {private}"
        if parts[0] == "sklearn" and path.name != "_sklearn.py":
            private = [part for part in [*parts, *names] if part.startswith("_")]
            assert not private, f"{module}: {private}"
    # utils imports optional modules, experiments what a study names, the package its rooms, the
    # command line its own commands
    dynamic = ("histoexpr/__init__.py", "utils/_optional_imports.py", "experiments/_models.py")
    dynamic += ("cli/_main.py",)
    if not str(path).endswith(dynamic):
        text = path.read_text(encoding="utf-8")
        own = r'import_module\(f"\._?\{.*\}", __(name|package)__\)'  # a file of its own room
        assert "import_module" not in re.sub(own, "", text)
        assert "__import__" not in text


def test_tests_use_the_private_modules_of_their_own_room_only():
    found = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for module, _ in imports_of(path):
            parts = module.split(".")
            private = parts[0] == "histoexpr" and any(part.startswith("_") for part in parts[2:])
            if private and parts[1] != room_of(path):
                found.append(f"{path.relative_to(ROOT)}: {module}")
    assert not found, "\n".join(found)


def test_every_module_has_its_tests():
    missing = []
    for path in FILES:
        parts = path.relative_to(ROOT / "histoexpr").parts
        if len(parts) > 1 and path.name != "__init__.py":
            test = ROOT.joinpath("tests", *parts[:-1], f"test{path.name}")
            if not test.is_file() or "assert" not in test.read_text(encoding="utf-8"):
                missing.append(str(test.relative_to(ROOT)))
    assert not missing, "\n".join(missing)


def test_every_room_says_what_it_holds_and_imports():
    for path in FILES:
        if path.name == "__init__.py" and path.parent != ROOT / "histoexpr":
            text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
            assert "mport" in text, path
            assert 2 <= text.count(". ") + text.count(".\n") + text.endswith(".") <= 8, path
