"""What came of decisions, as people say it: of one on its own page, and of all of last time's at the next review."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from screens.cells import day
from screens.fields import ChoiceField, DateField, TextField
from timescales.refusals import Refused

from .. import rules
from ..made import OutcomeSaid
from ..models import Decision
from .sections import SectionForm

PARTS = ("said", "done_on", "proof")
SEEN = "seen"


def outcome_fields(called: str, *, required: bool) -> dict[str, forms.Field]:
    """The questions about one decision."""
    return {
        "said": ChoiceField(
            label="What came of it?",
            called=f"what came of {called}",
            choices=[*rules.OUTCOME_CHOICES, *([] if required else [("", "I cannot say")])],
            widget=forms.RadioSelect,
            required=required,
        ),
        "done_on": DateField(label="What day was it done?", called=f"the day {called} was done", required=False),
        "proof": TextField(
            label="What shows it, or why?",
            help_text="What you saw, read or were told, and by whom. If it is not done, say why.",
            called=f"what shows what came of {called}",
            lines=3,
            max_length=rules.PROOF_LENGTH,
            required=False,
        ),
    }


class OutcomeForm(forms.Form):
    """What came of one decision, said between reviews."""

    def __init__(self, data: Any = None, *, decision: Decision, on: date, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.decision, self.on = decision, on
        self.fields |= outcome_fields("the decision", required=True)
        self.fields[SEEN] = forms.UUIDField(required=False, widget=forms.HiddenInput)
        self.initial.setdefault(SEEN, decision.last_said.uuid if decision.last_said else None)

    def clean(self) -> dict[str, Any]:
        """Ask for what the outcome chosen needs, all at once."""
        cleaned = super().clean() or self.cleaned_data
        if "said" in cleaned:
            for problem in _problems(self.outcome, self.decision, self.on):
                if problem.field not in self.errors:
                    self.add_error(problem.field, problem.message)
        return cleaned

    @property
    def outcome(self) -> OutcomeSaid:
        """What a valid form says."""
        cleaned = self.cleaned_data
        return _said(cleaned["said"], cleaned, cleaned.get(SEEN))

    def kept(self) -> list[tuple[str, str]]:
        """Each question and what a valid form answers, to be given back to who typed it."""
        cleaned = self.cleaned_data
        said = dict(rules.OUTCOME_CHOICES)[cleaned["said"]]
        answers = {"said": said, "done_on": day(cleaned["done_on"]), "proof": cleaned["proof"]}
        return [(str(self.fields[name].label), answers[name]) for name in PARTS]


class LastTimeForm(SectionForm):
    """What came of each decision made before this review; any of them may be left open.

    Fields are named after the decision they are about (`said_5d41…`), so that nothing typed moves to another one when
    the list changes while the draft waits.
    """

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, decisions: Sequence[Decision] = (), **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.decisions = decisions
        for decision in decisions:
            fields = outcome_fields(f"“{decision.text}”", required=False)
            self.fields |= {_name(part, decision): field for part, field in fields.items()}

    def rows(self) -> Iterator[dict[str, Any]]:
        """Each decision with its fields, and what had been said of it when the page was drawn."""
        for decision in self.decisions:
            row: dict[str, Any] = {part: self[_name(part, decision)] for part in PARTS}
            yield row | {"decision": decision, "seen_name": _name(SEEN, decision), "seen": _seen_now(decision)}

    def clean(self) -> dict[str, Any]:
        """Check each decision that is answered; what was said of it meanwhile has to be read first."""
        cleaned = super().clean() or self.cleaned_data
        for decision in self.decisions:
            if any(cleaned.get(_name(part, decision)) for part in PARTS):
                self._check(decision, cleaned)
        if not self.errors:
            cleaned["last_time"] = dict(self._answers(cleaned))
        return cleaned

    @property
    def answers(self) -> dict[str, Any]:
        """The outcomes whole instead of the fields of their rows."""
        return {"last_time": self.cleaned_data["last_time"]}

    def in_words(self) -> list[tuple[str, str]]:
        """Of each decision, what a valid form says came of it, or what stands where it says nothing."""
        given = self.cleaned_data["last_time"]
        return [(f"“{one.text}”", outcome_words(one, given.get(one.uuid))) for one in self.decisions]

    def _check(self, decision: Decision, cleaned: Mapping[str, Any]) -> None:
        said = _name("said", decision)
        if said in self.errors:
            return
        if not cleaned.get(said):
            self.add_error(said, f"Select what came of “{decision.text}”, or take out what you typed about it")
            return
        if self._posted_seen(decision) != _seen_now(decision):
            last = decision.last_said
            who = f"{last.said_by} has said “{last.get_said_display().lower()}” of it" if last else "It has changed"
            self.add_error(said, f"{who} since you opened this page. Read that, then save your answer again.")
        for problem in _problems(self._outcome(decision, cleaned), decision, self.on):
            name = _name(str(problem.field), decision)
            if name not in self.errors:
                self.add_error(name, problem.message)

    def _posted_seen(self, decision: Decision) -> str:
        return str(self.data.get(_name(SEEN, decision)) or "")

    def _outcome(self, decision: Decision, cleaned: Mapping[str, Any]) -> OutcomeSaid:
        last = decision.last_said
        parts = {part: cleaned.get(_name(part, decision)) for part in PARTS}
        return _said(str(parts["said"]), parts, last.uuid if last else None)

    def _answers(self, cleaned: Mapping[str, Any]) -> Iterator[tuple[UUID, OutcomeSaid]]:
        for decision in self.decisions:
            if cleaned.get(_name("said", decision)):
                yield decision.uuid, self._outcome(decision, cleaned)


def outcome_words(decision: Decision, given: OutcomeSaid | None) -> str:
    """What is said of a decision now; else what somebody said before; else that nobody has said."""
    if given is not None:
        when = f" on {day(given.done_on)}" if given.said == rules.DONE else ""
        return f"{dict(rules.OUTCOME_CHOICES)[given.said]}{when}. {given.proof}"
    if last := decision.last_said:
        return f"Left as {last.said_by} said it: {last.get_said_display().lower()}. {last.proof}"
    return "Not said"


def _said(said: str, parts: Mapping[str, Any], seen: UUID | None) -> OutcomeSaid:
    done_on = parts.get("done_on") if said == rules.DONE else None
    return OutcomeSaid(said, parts.get("proof") or "", done_on, seen)


def _problems(outcome: OutcomeSaid, decision: Decision, on: date) -> list[Refused]:
    assert decision.review.held_on is not None
    return rules.problems_of_outcome(outcome, decision.review.held_on, on)


def _name(part: str, decision: Decision) -> str:
    return f"{part}_{decision.uuid.hex}"


def _seen_now(decision: Decision) -> str:
    return str(decision.last_said.uuid) if decision.last_said else ""
