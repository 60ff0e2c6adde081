"""Parameters of lists, the same at page, API and file: repeatable, strict about values, silent about unknown names."""

from datetime import date

import django_filters
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import paging

PAGE_SIZE, LARGEST_PAGE = 50, 200
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
LONGEST_CURSOR = 2_000
MOST_REPEATS = 50
LIST_SETTINGS = ("urut", "cursor", "ukuran")


class Repeats:
    """A widget of one value for a parameter that an address may repeat."""

    def value_from_datadict(self, data, files, name):
        return [value for value in data.getlist(name) if value.strip()] if hasattr(data, "getlist") else data.get(name)


class SeveralSelect(Repeats, forms.Select):
    """A select for a repeatable parameter."""


class SeveralInput(Repeats, forms.TextInput):
    """One text box for a repeatable parameter."""

    def format_value(self, value):
        return value[-1] if isinstance(value, list) and value else (value or "")


class Several(forms.Field):
    """A repeatable parameter: each value is cleaned by the field `each`, the result is a list (repeats are OR)."""

    widget = SeveralInput

    def __init__(self, *, each, **kwargs):
        self.each = each
        super().__init__(**{"required": False, **kwargs})

    def clean(self, value):
        return [self.each.clean(one) for one in few(value)]


def few(values):
    """Return a parameter's repeats; ValidationError when there are so many that nobody typed them."""
    if len(values or []) > MOST_REPEATS:
        raise forms.ValidationError(_("Terlalu banyak nilai. Paling banyak %d.") % MOST_REPEATS)
    return values or []


class Slugs(forms.ModelMultipleChoiceField):
    """Repeatable slugs of rows that exist; empty ones (an untouched select) are dropped."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {"invalid_choice": gettext_lazy("“%(value)s” tidak dikenal.")}

    def __init__(self, queryset, empty_label=None, **kwargs):
        super().__init__(queryset, **{"required": False, "to_field_name": "slug", **kwargs})
        self.empty_label = empty_label

    def clean(self, value):
        given = [one for one in few(value) if one]
        return list(super().clean(given)) if given else []


class Choices(forms.MultipleChoiceField):
    """Repeatable choices; empty ones are dropped."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {"invalid_choice": gettext_lazy("“%(value)s” tidak dikenal.")}

    def to_python(self, value):
        return [one for one in super().to_python(value) if one]


class Day(forms.DateField):
    """An ISO date within a century in which arithmetic with days is safe."""

    default_error_messages = {"invalid": gettext_lazy("Tulis tanggal seperti 2020-05-27.")}

    def __init__(self, **kwargs):
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        kwargs = {"input_formats": ["%Y-%m-%d"], "widget": widget, **kwargs}
        super().__init__(validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)], **kwargs)


class Parameter(django_filters.Filter):
    """A parameter that picks no rows by itself: a setting of the list, or one that the FilterSet combines."""

    def __init__(self, field_class=forms.CharField, **kwargs):
        self.field_class = field_class
        super().__init__(**kwargs)

    def filter(self, qs, value):
        return qs


class ParameterForm(forms.Form):
    """Checks the parameters together: a cursor belongs to an order."""

    orders = ()

    def order(self):
        chosen = self.cleaned_data.get("urut")
        return next((order for order in self.orders if order.slug == chosen), self.orders[0])

    def clean(self):
        if text := self.cleaned_data.get("cursor"):
            try:
                self.cleaned_data["cursor"] = paging.decode(text, self.order())
            except paging.BadCursor:
                self.add_error("cursor", _("Penanda halaman ini tidak dikenal. Mulai lagi dari halaman pertama."))
        since, until = self.cleaned_data.get("dari"), self.cleaned_data.get("sampai")
        if since and until and since > until:
            self.add_error("dari", _("Tanggal mulai harus sebelum tanggal akhir."))
        return self.cleaned_data


class Parameters(django_filters.FilterSet):
    """Order, cursor and size of a list; a room's FilterSet adds what picks its rows.

    `orders` are the ways to sort, the default first. Rows that a wrong value would pick are not filtered by it;
    `errors` names the parameter and says why.
    """

    orders: tuple[paging.Order, ...] = ()

    urut = Parameter(forms.ChoiceField, label=gettext_lazy("Urutkan"), required=False)
    cursor = Parameter(label="cursor", max_length=LONGEST_CURSOR, widget=forms.HiddenInput)
    ukuran = Parameter(
        forms.IntegerField, label="ukuran", min_value=1, max_value=LARGEST_PAGE, widget=forms.HiddenInput
    )

    class Meta:
        form = ParameterForm

    def get_form_class(self):
        """Return the form with order, cursor and size after the filters; without orders it has none of them."""
        form = super().get_form_class()
        form.orders = self.orders
        settings = [(name, form.base_fields.pop(name)) for name in LIST_SETTINGS]
        if self.orders:
            form.base_fields.update(settings)
            form.base_fields["urut"].choices = [(order.slug, order.label) for order in self.orders]
        return form

    @property
    def order(self):
        """The chosen Order, or the default."""
        self.errors  # noqa: B018 - cleans the form
        return self.form.order()

    @cached_property
    def cleaned(self):
        """The values that were accepted, by parameter name; a wrong one is missing."""
        self.errors  # noqa: B018 - cleans the form
        return self.form.cleaned_data

    @cached_property
    def count(self):
        """How many rows are picked."""
        return self.qs.count()

    def page(self, queryset=None):
        """Return the Page that the parameters ask for, of the filtered rows (or of `queryset`)."""
        rows = self.qs if queryset is None else queryset
        return paging.page_of(
            rows, self.order, self.cleaned.get("ukuran") or PAGE_SIZE, self.cleaned.get("cursor") or None
        )


def address(request, cursor):
    """Return the request's own absolute address with another cursor, or None for no page."""
    if cursor is None:
        return None
    query = request.GET.copy()
    query["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def without_page(query):
    """Return "?…" of an address's filters without order and page, or ""."""
    query = query.copy()
    for name in LIST_SETTINGS:
        query.pop(name, None)
    return f"?{query.urlencode()}" if query else ""
