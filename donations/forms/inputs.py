"""Boxes for words, whole numbers and days as people here write them."""

import re
from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ksbb.core.privacy import mask

FARTHEST = timedelta(days=60)
WHOLE = re.compile(r"(?:rp\.?)?\s*(\d{1,3}(?:[. ]\d{3})+|\d+)(?:,-|,00)?", re.I | re.ASCII)
# On English pages thousands may stand apart by commas too ("Rp 20,000,000").
WHOLE_IN_ENGLISH = re.compile(r"(?:rp\.?)?\s*(\d{1,3}(?:[., ]\d{3})+|\d+)(?:[.,]00)?", re.I | re.ASCII)


class Words(forms.CharField):
    """Words that others may read: KK numbers in them are masked before anybody sees or stores them."""

    def to_python(self, value):
        return mask(super().to_python(value))


class WholeNumber(forms.IntegerField):
    """A whole number, with or without dots between thousands ("1.500", "Rp 20.000.000"); None when empty."""

    default_error_messages = {
        "invalid": _("Isi dengan angka bulat, misalnya 5."),
        "min_value": _("Isi paling sedikit %(limit_value)s."),
        "max_value": _("Isi paling banyak %(limit_value)s."),
    }

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 6})
        super().__init__(**{"widget": widget, "min_value": 0, **kwargs})

    def widget_attrs(self, widget):
        return {}

    def to_python(self, value):
        text = str(value).strip() if value is not None else ""
        if not text:
            return None
        whole = WHOLE_IN_ENGLISH if get_language() == "en" else WHOLE
        match = whole.fullmatch(text) if len(text) <= 40 else None
        if not match:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return int(re.sub(r"\D", "", match.group(1)))


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs):
        super().__init__(format="%Y-%m-%d", **kwargs)


class Day(forms.DateField):
    """A day, from the browser's calendar or typed as 3/5/2020; `first` and `last` bound the calendar."""

    default_error_messages = {
        "invalid": _("Tulis tanggalnya seperti 3/5/2020."),
        "required": _("Pilih tanggalnya."),
    }

    def __init__(self, **kwargs):
        formats = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]
        super().__init__(**{"widget": DayInput(), "input_formats": formats, **kwargs})

    def between(self, first, last):
        """Let the browser's calendar offer only these days."""
        self.widget.attrs.update(min=first.isoformat(), max=last.isoformat())


def refuse(form, refusal):
    """Put a rule's refusal beside the field it is about, or above the form when it is about none."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
