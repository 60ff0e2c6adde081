"""The API's description (OpenAPI 3), drawn from the same FilterSets and serializers that answer."""

from django import forms
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers

from .parameters import Day, Several


class ProblemSerializer(serializers.Serializer):
    """What was wrong, by parameter (or `permintaan`, the request as a whole), each a list of messages."""

    galat = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))


GEO = "application/geo+json"
GEOJSON = {
    "type": "object",
    "description": "RFC 7946: FeatureCollection untuk daftar, Feature untuk satu baris, dengan isian yang sama.",
    "properties": {"type": {"type": "string", "enum": ["FeatureCollection", "Feature"]}},
    "required": ["type"],
}
PROBLEMS = {
    "400": "Parameter keliru: nama parameter dan alasannya.",
    "404": "Tidak ditemukan.",
    "405": "Hanya GET, HEAD, dan OPTIONS yang dilayani.",
    "406": "Bentuk jawaban yang diminta (Accept) tidak tersedia.",
}


def schema_of(field):
    """Return the JSON Schema of the values that one form field takes from an address."""
    if isinstance(field, Several):
        return {"type": "array", "items": schema_of(field.each)}
    if isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
        return {"type": "array", "items": _choice(field)}
    if isinstance(field, forms.ChoiceField):
        return _choice(field)
    if isinstance(field, forms.IntegerField):
        bounds = {"minimum": field.min_value, "maximum": field.max_value}
        return {"type": "integer", **{name: limit for name, limit in bounds.items() if limit is not None}}
    if isinstance(field, Day):
        return {"type": "string", "format": "date"}
    longest = getattr(field, "max_length", None)
    return {"type": "string", **({"maxLength": longest} if longest else {})}


def _choice(field):
    fixed = not isinstance(field, forms.ModelMultipleChoiceField | forms.ModelChoiceField) and field.choices
    return {"type": "string", **({"enum": [str(value) for value, _label in fixed if value]} if fixed else {})}


def parameter_of(name, field):
    """Return the OpenAPI description of one query parameter."""
    schema = schema_of(field)
    repeated = {"explode": True, "style": "form"} if schema["type"] == "array" else {}
    return {
        "in": "query",
        "name": name,
        "schema": schema,
        "description": str(field.help_text or field.label),
        **repeated,
    }


class ApiSchema(AutoSchema):
    """Describes a `ReadView`: parameters from its FilterSet, every status it can answer with."""

    def _is_list_view(self, serializer=None):
        return getattr(self.view, "is_list", False)

    def _get_filter_parameters(self):
        filters = self.view.filterset_class
        form = filters({}, queryset=self.view.no_rows()).form if filters else None
        return [parameter_of(name, field) for name, field in form.fields.items()] if form else []

    def _get_pagination_parameters(self):
        return []

    def get_tags(self):
        return self._tokenize_path()[:1] or ["akar"]

    def get_operation_id(self):
        name = "_".join(self._tokenize_path()).replace("-", "_") or "akar"
        return f"{name}_satu" if "{" in self.path else name

    def _get_response_bodies(self, direction="response"):
        bodies = super()._get_response_bodies(direction)
        for answer in bodies.values():
            if GEO in answer.get("content", {}):
                answer["content"][GEO]["schema"] = GEOJSON
        bodies["304"] = {"description": "Tidak berubah sejak ETag yang dikirim dengan If-None-Match."}
        for status, meaning in PROBLEMS.items():
            if status != "404" or "{" in self.path:
                bodies[status] = self._get_response_for_code(ProblemSerializer, status, ["application/json"])
                bodies[status]["description"] = meaning
        return bodies
