"""Every field of every model says who may see it (DESIGN: privacy)."""

from collections import Counter

import pytest
from django.apps import apps

from ksbb.core.privacy import Audience
from tests.house.source import ROOMS

OURS = [model for model in apps.get_models() if model.__module__.split(".")[0] in ROOMS]
SECRET_ENDINGS = ("_cipher", "_hash", "_fingerprint", "fingerprint", "_code_hash")


def name_of(model):
    return model.__name__


def fields_of(model):
    """Return the names of the columns and many-to-many links a model declares or inherits."""
    return [field.name for field in [*model._meta.concrete_fields, *model._meta.many_to_many]]


def test_there_are_models():
    assert len(OURS) > 15


@pytest.mark.parametrize("model", OURS, ids=name_of)
def test_every_field_has_exactly_one_audience(model):
    audience = getattr(model, "audience", None)
    assert isinstance(audience, Audience), "declare audience = Audience(…)"
    assert Counter(audience.names()) == Counter(fields_of(model))


@pytest.mark.parametrize("model", OURS, ids=name_of)
def test_ciphers_and_fingerprints_are_secret(model):
    sealed = [name for name in fields_of(model) if name.endswith(SECRET_ENDINGS)]
    assert [name for name in sealed if model.audience.of(name) != "secret"] == []


@pytest.mark.parametrize("model", OURS, ids=name_of)
def test_every_model_and_field_has_indonesian_words(model):
    """`verbose_name` is the border between the code's English and the pages' Indonesian."""
    assert not isinstance(model._meta.verbose_name, str), "a lazy translation, not a name made from the class"
    plain = [field.name for field in model._meta.concrete_fields if not field.primary_key and not given(field)]
    assert plain == []


def given(field):
    """Tell whether a field's verbose_name was written by a person (a lazy translation), not made from its name."""
    return not isinstance(field.verbose_name, str) or field.verbose_name != field.name.replace("_", " ")
