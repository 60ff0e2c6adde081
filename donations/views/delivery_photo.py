"""Photos of hand-overs: shown to everybody once staff have looked at them, to nobody before."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from donations.models import DeliveryPhoto


@require_safe
def delivery_photo(request, pk):
    photo = DeliveryPhoto.objects.filter(pk=pk, checked_at__isnull=False).first()
    if photo is None:
        raise Http404
    try:
        with photo.file.open("rb") as file:
            response = HttpResponse(file.read(), "image/jpeg")
    except FileNotFoundError:
        raise Http404 from None
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "public, max-age=3600"
    return response
