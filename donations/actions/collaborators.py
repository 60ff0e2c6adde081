"""Collaborators that staff enter: an institution whose gift did not come through the form."""

from django.db import transaction

from donations.models import Attribution, Collaborator, Giver
from ksbb.core import audit
from ksbb.core.crypto import encrypt

from .givers import free_slug


@transaction.atomic
def add(*, name, category, now, by, about="", website=""):
    """Enter a named collaborator without a contact; returns the face."""
    giver = Giver.objects.create(name_cipher=encrypt(name), created_at=now)
    face = Collaborator.objects.create(
        giver=giver,
        slug=free_slug(name),
        name=name,
        category=category,
        attribution=Attribution.NAMED,
        about=about,
        website=website,
    )
    audit.record("collaborator.added", face.slug, by=by, now=now)
    return face
