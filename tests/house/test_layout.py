"""How long things may be, which names say nothing, and what the framework offers that we do not use."""

import ast
from statistics import median

import pytest

from tests.house import source

PRODUCT = source.python(*source.ROOMS, "bin")
ALL = [*PRODUCT, *source.python("tests")]
EMPTY_WORDS = {"utils", "util", "helpers", "helper", "services", "service", "managers", "manager", "signals", "misc"}
RULE_WORDS = {"actions", "figures", "coverage", "kk", "planner"}
LONGEST_FILE, LONGEST_FUNCTION, TYPICAL_FUNCTION = 320, 50, 8


def test_there_is_something_to_look_at():
    assert len(PRODUCT) > 20
    assert sum(1 for path in PRODUCT for _ in source.functions(path)) > 50


def test_no_file_is_long():
    kinds, others = (".py", ".js", ".html"), {"vendor", "migrations", "tests"}
    written = [path for path in source.tracked() if path.suffix in kinds and not others & {*path.parts}]
    long = {str(path): lines for path in written if (lines := len(source.read(path).splitlines())) > LONGEST_FILE}
    assert not long


def test_no_function_is_long():
    long = {
        f"{path}:{function.name}": source.length(function)
        for path in ALL
        for function in source.functions(path)
        if source.length(function) > LONGEST_FUNCTION
    }
    assert not long


def test_functions_are_short():
    assert median(source.length(each) for path in PRODUCT for each in source.functions(path)) <= TYPICAL_FUNCTION


def test_no_module_has_an_empty_name():
    assert not [str(path) for path in ALL if EMPTY_WORDS & {*path.with_suffix("").parts}]


def test_no_class_overrides_save():
    overriding = [
        f"{path}:{cls.name}"
        for path in PRODUCT
        for cls in source.classes(path)
        for node in cls.body
        if isinstance(node, ast.FunctionDef) and node.name == "save"
    ]
    assert not overriding


def test_no_model_orders_by_default():
    ordered = [
        f"{path}:{node.lineno}"
        for path in PRODUCT
        for cls in source.classes(path)
        if cls.name == "Meta"
        for node in cls.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "ordering"
    ]
    assert not ordered


@pytest.mark.parametrize("word", ["django.db.models.signals", "django.dispatch"])
def test_nothing_happens_by_signal(word):
    assert not [str(path) for path in PRODUCT if any(name.startswith(word) for name in source.imports(path))]


def test_public_functions_of_rules_say_what_they_mean():
    """Every public function that others call as a rule has a docstring."""
    rules = [path for path in PRODUCT if path.parts[0] == "donations" and {*path.with_suffix("").parts} & RULE_WORDS]
    rules = [path for path in rules if path.stem != "messages"]  # the words of one mail each, named after the event
    silent = [
        f"{path}:{node.name}"
        for path in rules
        for node in source.tree(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert not silent
