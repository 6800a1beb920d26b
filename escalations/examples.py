"""Ladders that councils told of in their annual reports, to start from: the rungs are theirs, the days are not.

None of the reports says how many working days a rung has. Those here share guidance's 20 between the formal rungs.
"""

from dataclasses import dataclass

from .rules import Rung

TEAM, SERVICE, ASSISTANT, DIRECTOR = "TEAM_MANAGER", "SERVICE_MANAGER", "ASSISTANT_DIRECTOR", "DIRECTOR"
HEAD, CHIEF, WORKER = "HEAD_OF_SERVICE", "CHIEF_EXECUTIVES_OFFICE", "SOCIAL_WORKER"


@dataclass(frozen=True)
class Example:
    """A ladder to start from. Where it came from, and what is our reading of it."""

    code: str
    title: str
    source: str
    rungs: tuple[Rung, ...]


EXAMPLES = (
    Example(
        "dorset",
        "Dorset: four levels",
        "Dorset's annual report for 2018 to 2019. Its fifth level is Cafcass, which stands beside every ladder.",
        (
            Rung("Level 1: team manager", (TEAM,), 5),
            Rung("Level 2: service manager", (SERVICE,), 5),
            Rung("Level 3: assistant director", (ASSISTANT,), 5),
            Rung("Level 4: director", (DIRECTOR,), 5),
        ),
    ),
    Example(
        "wolverhampton",
        "Wolverhampton: informal, then three stages",
        "Wolverhampton's annual report for 2021 to 2022.",
        (
            Rung("Informal resolution", (TEAM,), 5, False),
            Rung("Stage 1: service manager", (SERVICE,), 5),
            Rung("Stage 2: head of service", (HEAD,), 5),
            Rung("Stage 3: assistant director", (ASSISTANT,), 5),
        ),
    ),
    Example(
        "kent",
        "Kent: informal, then five stages",
        "Kent's annual report for 2011 to 2012. Its corporate director is the chief executive's office here.",
        (
            Rung("Informal", (WORKER, TEAM), 5, False),
            Rung("IR1: team leader", (TEAM,), 4),
            Rung("IR2: service manager", (SERVICE,), 4),
            Rung("IR3: assistant director", (ASSISTANT,), 4),
            Rung("IR4: director", (DIRECTOR,), 4),
            Rung("IR5: corporate director", (CHIEF,), 4),
        ),
    ),
    Example(
        "north-somerset",
        "North Somerset: informal, then formal",
        "North Somerset's annual report for 2017 to 2018, which tells of both and of assistant directors reached.",
        (
            Rung("Informal", (WORKER, TEAM), 5, False),
            Rung("Formal: service manager", (SERVICE,), 10),
            Rung("Formal: assistant director", (ASSISTANT,), 10),
        ),
    ),
    Example(
        "durham",
        "Durham: informal, then three stages",
        "Durham's annual report for 2016 to 2017 names no rungs: these are a suggestion of ours.",
        (
            Rung("Informal", (TEAM,), 5, False),
            Rung("Stage 1: service manager", (SERVICE,), 6),
            Rung("Stage 2: head of service", (HEAD,), 7),
            Rung("Stage 3: director", (DIRECTOR,), 7),
        ),
    ),
)
BY_CODE = {example.code: example for example in EXAMPLES}
