"""Who may know whom: what import-linter's contracts in pyproject.toml cannot say."""

import os
import re
import subprocess
import sys

from tests.house import source

# The status check's page, the recipient import, actions and admin; the demo makes families. Nobody else.
MAY_KNOW_HOUSEHOLDS = tuple(f"donations.{room}" for room in ("actions", "admin", "demo", "imports", "models", "views"))
FRONT_DOOR_FOR_RULES = ("ksbb.core",)


def dotted(path):
    """Return a file's module name."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules():
    """Return what each module of ours imports, as {its name: dotted names}."""
    return {dotted(path): source.imports(path) for path in source.python(*source.ROOMS)}


def test_no_page_imports_another_page():
    crossings = [
        (module, name)
        for module, names in modules().items()
        for name in names
        if (mine := source.page_of(module)) and (other := source.page_of(name)) and mine != other
    ]
    assert not crossings


def test_no_rule_imports_a_page():
    """Only the front door (urls) and management commands know pages."""
    knowing = [
        (module, name)
        for module, names in modules().items()
        for name in names
        if source.page_of(name) and not source.page_of(module) and not module.startswith("ksbb.")
    ]
    assert not knowing


def test_rules_know_of_ksbb_only_its_cellar():
    reaching = [
        (module, name)
        for module, names in modules().items()
        if not module.startswith("ksbb") and not source.page_of(module) and ".management." not in module
        for name in names
        if name.startswith("ksbb.") and not name.startswith(FRONT_DOOR_FOR_RULES)
    ]
    assert not reaching


def test_only_urls_knows_addresses():
    declaring = [
        module
        for module, names in modules().items()
        if {"django.urls.path", "django.urls.re_path"} & names and module != "ksbb.urls"
    ]
    assert not [module for module in declaring if not re.search(r"\.admin(_|\.|$)", module)]


def test_few_rooms_know_households():
    knowing = [
        module
        for module, names in modules().items()
        if any(name.startswith("donations.models.household") for name in names)
        and not module.startswith(MAY_KNOW_HOUSEHOLDS)
    ]
    assert not knowing


def test_the_models_package_does_not_re_export_the_household():
    import donations.models as models

    assert not hasattr(models, "Household")
    assert not hasattr(models, "HouseholdReceipt")


def test_geodjango_is_never_imported():
    """It needs GDAL, which pip cannot bring; everything must run where pip runs."""
    code = """
import sys, django; django.setup()
import ksbb.urls, ksbb.wsgi
print([name for name in sys.modules if name.startswith("django.contrib.gis")])"""
    settings = {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=source.ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.stdout.strip(), result.returncode) == ("[]", 0), result.stderr[-2000:]
