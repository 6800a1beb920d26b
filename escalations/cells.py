"""An answer as screens show it: what was done, and in which colour."""

ANSWERED = {"ACCEPTED": "Accepted", "PART_ACCEPTED": "Accepted in part", "CONTESTED": "Contested"}
COLOURS = {"ACCEPTED": "good", "PART_ACCEPTED": "warn", "CONTESTED": "bad"}
