"""A desk of the staff for tests: who sits there, and how a step's page is opened and sent."""

import re

from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from donations.actions import staff
from donations.actions.ledger import wib_day
from tests import factories


def member(group, client=None):
    """A member of one of the staff's groups, logged in when a client is given."""
    staff.lay_groups()
    user = factories.user()
    user.groups.add(Group.objects.get(name=group))
    if client:
        client.force_login(user)
    return user


def place(row, slug):
    """The address of a step."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_step", args=[row.pk, slug])


def tokens(html):
    """What a step's page remembers of the rows it shows."""
    return re.findall(r'name="seen" value="([^"]+)"', html)


def take(client, row, slug, data=None, seen=None):
    """Open a step's page and send its form; returns the answer and refreshes the row."""
    url = place(row, slug)
    seen = seen or tokens(client.get(url).content.decode())
    answer = client.post(url, {**(data or {}), "seen": seen})
    row.refresh_from_db()
    return answer


def today():
    return wib_day(timezone.now())
