"""`manage.py draw_states`: draw the pages of docs that show how commitments and complaints move from state to state."""

from dataclasses import dataclass

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from donations.models.commitment import ARRIVED, ENDED, HOLDING, TRANSITIONS, CommitmentState
from donations.models.complaint import COMPLAINT_TRANSITIONS, DONE, WAITING, ComplaintState


@dataclass(frozen=True)
class Drawing:
    """A page about one noun: its states by phase, where it may start and end, and the table that moves it."""

    noun: str
    source: str
    states: type
    phases: dict
    starts: dict
    ends: tuple
    transitions: dict


DRAWINGS = (
    Drawing(
        "commitment",
        "`TRANSITIONS` in `donations/models/commitment.py`",
        CommitmentState,
        {"holds capacity": HOLDING, "has arrived": ARRIVED, "has ended and holds nothing": ENDED},
        {CommitmentState.SUBMITTED: "", CommitmentState.CONFIRMED: ": by staff or import"},
        ENDED,
        TRANSITIONS,
    ),
    Drawing(
        "complaint",
        "`COMPLAINT_TRANSITIONS` in `donations/models/complaint.py`",
        ComplaintState,
        {
            "waits for somebody": WAITING,
            "is being looked at": (ComplaintState.TAKEN,),
            "has its answer, or a reason why not; fourteen days to reopen it": DONE,
        },
        {ComplaintState.SUBMITTED: ""},
        (ComplaintState.CLOSED,),
        COMPLAINT_TRANSITIONS,
    ),
)


def node(state):
    """Return a state's name as Mermaid accepts it."""
    return state.name.lower()


def target(drawn):
    """Return the file that a drawing is kept in."""
    return settings.BASE_DIR / "docs" / f"{drawn.noun}-states.md"


def drawing(drawn):
    """Return the page: the states by phase, and the diagram of all transitions."""
    with translation.override("id"):
        phases = [
            f"| {', '.join(f'`{state.value}` ({state.name})' for state in states)} | {phase} |"
            for phase, states in drawn.phases.items()
        ]
        names = [f"    {node(state)}: {state.label}" for state in drawn.states]
    arrows = [
        f"    {node(before)} --> {node(after)}: {action}" for (before, action), after in drawn.transitions.items()
    ]
    return "\n".join(
        [
            f"# States of a {drawn.noun}",
            "",
            f"Drawn by `manage.py draw_states` from {drawn.source}; a test compares the two.",
            "",
            "| states | phase |",
            "|---|---|",
            *phases,
            "",
            "```mermaid",
            "stateDiagram-v2",
            *names,
            *(f"    [*] --> {node(state)}{how}" for state, how in drawn.starts.items()),
            *arrows,
            *(f"    {node(state)} --> [*]" for state in drawn.ends),
            "```",
            "",
        ]
    )


class Command(BaseCommand):
    help = "Draw docs/commitment-states.md and docs/complaint-states.md from their tables of transitions."
    requires_system_checks = []

    def handle(self, **options):
        for drawn in DRAWINGS:
            target(drawn).write_text(drawing(drawn))
            self.stdout.write(f"Wrote {target(drawn).relative_to(settings.BASE_DIR)}.")
