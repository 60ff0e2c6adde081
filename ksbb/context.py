"""What every template may use. Nothing here touches the session or the database."""

from django.conf import settings


def site(request):
    return {
        "demo": settings.DEMO,
        "city_name": settings.CITY_NAME,
        "site_url": settings.SITE_URL,
        "canonical_url": settings.SITE_URL + request.path,
    }
