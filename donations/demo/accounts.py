"""The demo's staff: four accounts with generated passwords, and the people who checked the places."""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from donations.actions import staff
from locations.models import VerificationLevel

# username → (role as printed, group)
LOGINS = {
    "pokja": ("Pokja: semua hal", staff.TASK_FORCE),
    "verifikator": ("Verifikator kelurahan, Jakarta Selatan", staff.VERIFIER),
    "petugas": ("Petugas agregator Lembaga Amil Contoh Sejahtera", staff.OFFICER),
    "auditor": ("Auditor: hanya melihat", staff.AUDITOR),
}
CITIES = ("31.01", "31.71", "31.72", "31.73", "31.74", "31.75")
VERIFIERS_CITY = "31.74"


@dataclass
class Staff:
    """The people behind the demo's records."""

    task_force: object
    officer: object
    proposer: object
    colleague: object = None
    village: dict = field(default_factory=dict)
    district: dict = field(default_factory=dict)

    def steps(self, area_code):
        """Return [(level, who checks it)] for a kelurahan; everyone checks once."""
        city = area_code[:5]
        return [
            (VerificationLevel.VILLAGE, self.village[city]),
            (VerificationLevel.DISTRICT, self.district[city]),
            (VerificationLevel.TASK_FORCE, self.task_force),
        ]


def passwords(path):
    """Return {username: password}: those of the file, and a new one for each account that it lacks."""
    known = dict(line.split()[:2] for line in path.read_text().splitlines() if line) if path.exists() else {}
    return {name: known.get(name) or secrets.token_urlsafe(9) for name in LOGINS}


def write_passwords(path, chosen):
    """Write the accounts for the operator, readable by nobody else; a file that is there is kept."""
    if path.exists():
        return
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.writelines(f"{name} {chosen[name]}  {role}\n" for name, (role, _group) in LOGINS.items())


def build():
    """Make the accounts, their groups and the file with their passwords; return the Staff."""
    staff.lay_groups()
    path = Path(settings.VAR) / "akun-demo.txt"
    chosen = passwords(path)
    users = {name: _login(name, chosen[name], group) for name, (_role, group) in LOGINS.items()}
    write_passwords(path, chosen)
    people = Staff(users["pokja"], users["petugas"], _silent("pengusul"), _silent("rekan-pokja"))
    for city in CITIES:
        people.village[city] = users["verifikator"] if city == VERIFIERS_CITY else _silent(f"kelurahan-{city}")
        people.district[city] = _silent(f"kecamatan-{city}")
    return people


def _login(name, password, group):
    user = get_user_model().objects.create_user(
        name, f"{name}@contoh.id", password, is_staff=True, is_superuser=group == staff.TASK_FORCE
    )
    user.groups.add(Group.objects.get(name=group))
    return user


def _silent(name):
    """Make a member of staff who never logs in: somebody's name in the records."""
    return get_user_model().objects.create_user(name)


def known():
    """Return the Staff of a demo that is loaded."""
    users = {user.username: user for user in get_user_model().objects.all()}
    return Staff(users["pokja"], users["petugas"], users["pengusul"])


def are_known():
    """Tell whether the demo city is loaded here."""
    return get_user_model().objects.filter(username="pengusul").exists()
