"""The lists of services and teams."""

from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from screens.cells import link, short_day, status_tag
from screens.tables import Column, Table, day_column

from .models import Service, Team


def _team_cell(team: Team) -> SafeString:
    return link(team.name, reverse("authorities:team", args=[team.pk]))


def _service_cell(service: Service) -> SafeString:
    return link(service.name, reverse("authorities:service", args=[service.pk]))


def _state_cell(place: Any) -> SafeString:
    if place.ended_on:
        return status_tag(f"Closed {short_day(place.ended_on)}")
    return status_tag("Outside", "info") if getattr(place, "is_outside", False) else status_tag("Open", "good")


def _state(place: Any) -> str:
    if place.ended_on:
        return f"Closed {short_day(place.ended_on)}"
    return "Outside" if getattr(place, "is_outside", False) else "Open"


STATE = Column("state", "State", _state_cell, value=_state, sort=("-ended_on", "name"))
TEAMS = Table(
    columns=[
        Column("name", "Team", _team_cell, value=str, sort="name"),
        Column("service", "Service", lambda team: str(team.service or ""), sort=("service__name", "name")),
        Column("children", "Children", lambda team: team.children_now, sort="-children_now", is_number=True),
        Column("posts", "Posts", lambda team: team.posts_now, sort="-posts_now", is_number=True),
        STATE,
    ],
    caption="Teams",
    empty="No team yet. Social workers and team managers are put in posts of a team, so add the teams first.",
    name="teams",
    per_page=50,
    sorted_by="name",
)
SERVICES = Table(
    columns=[
        Column("name", "Service", _service_cell, value=str, sort="name"),
        Column("teams", "Open teams", lambda service: service.teams_now, sort="-teams_now", is_number=True),
        STATE,
    ],
    caption="Services",
    empty="No service yet. A service holds the teams under one service manager.",
    name="services",
    per_page=50,
    sorted_by="name",
)
NAMES = Table(
    columns=[
        Column("name", "Name", lambda past: past.name),
        day_column("until", "Until", lambda past: past.ended_on),
    ],
    caption="Called before",
    empty="It has always been called this.",
    name="names",
)
