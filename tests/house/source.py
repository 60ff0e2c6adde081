"""The project's own source, for tests that read it instead of running it."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("ksbb", "programs", "locations", "donations")
PAGES = ("views", "api", "admin", "feeds")


# What commands leave behind; .gitignore lists the same.
LEFT_BEHIND = {"var", "staticfiles", "__pycache__", "node_modules"}


@cache
def tracked():
    """Return every file of the project, as paths relative to the root; git is not needed for it."""
    found, folders = [], [ROOT]
    while folders:
        for path in sorted(folders.pop().iterdir()):
            if path.is_file() and path.suffix != ".pyc" and not path.name.startswith(".coverage"):
                found.append(path.relative_to(ROOT))
            elif (
                path.is_dir() and path.name not in LEFT_BEHIND and (not path.name.startswith(".") or path.name == ".ci")
            ):
                folders.append(path)
    return found


def python(*folders):
    """Return our Python files below the folders, without migrations."""
    return [
        path
        for path in tracked()
        if path.suffix == ".py" and path.parts[0] in folders and "migrations" not in path.parts
    ]


def templates():
    """Return our template files, relative to the root."""
    return [path for path in tracked() if path.parts[0] == "templates" and path.suffix in (".html", ".txt", ".xml")]


@cache
def read(path):
    """Return the text of a file of ours."""
    return (ROOT / path).read_text()


@cache
def tree(path):
    """Return the syntax tree of a Python file of ours."""
    return ast.parse(read(path), str(path))


@cache
def nodes(path):
    """Return every node of a Python file of ours."""
    return list(ast.walk(tree(path)))


def functions(path):
    """Yield every function in a file."""
    return (node for node in nodes(path) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def classes(path):
    """Yield every class in a file."""
    return (node for node in nodes(path) if isinstance(node, ast.ClassDef))


def length(function):
    """Return the lines of a function from its head to its end, without decorators and docstring."""
    first = function.body[0]
    words = first.end_lineno - first.lineno + 1 if ast.get_docstring(function, clean=False) is not None else 0
    return function.end_lineno - function.lineno + 1 - words


@cache
def imports(path):
    """Return the dotted names a file imports, relative ones resolved; `from a import b` gives both a and a.b."""
    found = set()
    package = list(path.with_suffix("").parts[:-1])
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return found


def page_of(dotted):
    """Return the page module ("donations.views") that a dotted name lies in, or None."""
    parts = dotted.split(".")
    if len(parts) > 1 and parts[0] in ROOMS and parts[1] in PAGES:
        return ".".join(parts[:2])
    return None
