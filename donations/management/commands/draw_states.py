"""`manage.py draw_states`: draw docs/commitment-states.md from the table of transitions."""

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from donations.models.commitment import ARRIVED, ENDED, HOLDING, TRANSITIONS, CommitmentState

TARGET = settings.BASE_DIR / "docs" / "commitment-states.md"
PHASES = {"holds capacity": HOLDING, "has arrived": ARRIVED, "has ended and holds nothing": ENDED}


def node(state):
    """Return a state's name as Mermaid accepts it."""
    return state.name.lower()


def drawing():
    """Return the page: the states by phase, and the diagram of all transitions."""
    with translation.override("id"):
        phases = [
            f"| {', '.join(f'`{state.value}` ({state.name})' for state in states)} | {phase} |"
            for phase, states in PHASES.items()
        ]
        names = [f"    {node(state)}: {state.label}" for state in CommitmentState]
    arrows = [f"    {node(before)} --> {node(after)}: {action}" for (before, action), after in TRANSITIONS.items()]
    return "\n".join(
        [
            "# States of a commitment",
            "",
            "Drawn by `manage.py draw_states` from `TRANSITIONS` in `donations/models/commitment.py`; "
            "a test compares the two.",
            "",
            "| states | phase |",
            "|---|---|",
            *phases,
            "",
            "```mermaid",
            "stateDiagram-v2",
            *names,
            f"    [*] --> {node(CommitmentState.SUBMITTED)}",
            f"    [*] --> {node(CommitmentState.CONFIRMED)}: by staff or import",
            *arrows,
            *(f"    {node(state)} --> [*]" for state in ENDED),
            "```",
            "",
        ]
    )


class Command(BaseCommand):
    help = "Draw docs/commitment-states.md from the table of transitions."
    requires_system_checks = []

    def handle(self, **options):
        TARGET.write_text(drawing())
        self.stdout.write(f"Wrote {TARGET.relative_to(settings.BASE_DIR)}.")
