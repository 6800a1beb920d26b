"""The few facts about a child that stand at the top of each of their pages."""

from datetime import date

from screens.cells import day
from screens.components import SummaryRow
from timescales import age_on

from .models import Child, Episode
from .rules import same_since
from .words import meaning


def facts(child: Child, today: date) -> list[SummaryRow]:
    """Age, reference, legal status, placement, IRO and social worker, each with since when; four queries."""
    episodes = list(child.episodes.of_open_period().order_by("starts_on"))
    people = {allocation.kind: allocation for allocation in child.allocations.live().select_related("user")}
    team = child.team_allocations.filter(ends_on__isnull=True).select_related("team").first()
    rows = [
        SummaryRow("Age", f"{age_on(child.date_of_birth, today)}, born {day(child.date_of_birth)}"),
        SummaryRow("Reference", child.reference),
        SummaryRow("Legal status", _since(episodes, "legal_status")),
        SummaryRow("Placement", _since(episodes, "placement_type", "placement_provider")),
    ]
    for kind, label in (("IRO", "IRO"), ("SOCIAL_WORKER", "Social worker")):
        held = people.get(kind)
        rows.append(SummaryRow(label, f"{held.user}, since {day(held.starts_on)}" if held else "None"))
    rows.append(SummaryRow("Team", str(team.team) if team else "None"))
    return rows


def _since(episodes: list[Episode], *fields: str) -> str:
    first = same_since(episodes, lambda episode: tuple(getattr(episode, field) for field in fields))
    if first is None:
        return "Not looked after now"
    return f"{meaning(fields[0], getattr(episodes[-1], fields[0])) or 'Not known'}, since {day(first)}"
