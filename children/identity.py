"""The few facts about a child that stand at the top of each of their pages."""

from datetime import date

from screens.cells import day
from screens.components import SummaryRow
from timescales import age_on

from .models import Child, Episode
from .rules import placed_since, same_since
from .words import meaning


def facts(child: Child, today: date) -> list[SummaryRow]:
    """Age, reference, legal status, placement, IRO and social worker, each with since when; four queries."""
    episodes = list(child.episodes.of_open_period().order_by("starts_on"))
    people = {allocation.kind: allocation for allocation in child.allocations.live().select_related("user")}
    team = child.team_allocations.filter(ends_on__isnull=True).select_related("team").first()
    rows = [
        SummaryRow("Age", f"{age_on(child.date_of_birth, today)}, born {day(child.date_of_birth)}"),
        SummaryRow("Reference", child.reference),
        SummaryRow("Legal status", _said(episodes, "legal_status", _same_status(episodes))),
        SummaryRow("Placement", _said(episodes, "placement_type", placed_since(episodes))),
    ]
    for kind, label in (("IRO", "IRO"), ("SOCIAL_WORKER", "Social worker")):
        held = people.get(kind)
        rows.append(SummaryRow(label, f"{held.user}, since {day(held.starts_on)}" if held else "None"))
    rows.append(SummaryRow("Team", str(team.team) if team else "None"))
    return rows


def _same_status(episodes: list[Episode]) -> date | None:
    return same_since(episodes, lambda episode: episode.legal_status)


def _said(episodes: list[Episode], field: str, since: date | None) -> str:
    if since is None:
        return "Not looked after now"
    return f"{meaning(field, getattr(episodes[-1], field)) or 'Not known'}, since {day(since)}"
