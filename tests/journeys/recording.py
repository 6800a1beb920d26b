"""What an IRO does to record a review, sentence by sentence."""

from dataclasses import dataclass
from datetime import date

from playwright.sync_api import expect

from reviews.models import Review
from tests.conftest import TODAY

from .person import Person

DISCUSSION = "School is going well. The move of bedroom has been put off twice."
REASON = "The health assessment is three weeks late."
SOUGHT = "A date for the assessment within two weeks."


@dataclass(frozen=True)
class Told:
    """One decision as somebody writes it down."""

    text: str
    outcome: str
    owner: str
    due_on: date


DECISIONS = [
    Told("Book the health assessment", "The dentist and the nurse have seen her", "Sam Worker", date(2026, 9, 30)),
    Told("Settle who takes her to football", "She goes every Tuesday", "Kim, her carer", date(2026, 9, 4)),
]


def opens_the_record(ada: Person, review: Review) -> None:
    """From the review to its task list."""
    ada.opens(f"/reviews/{review.uuid}/")
    ada.presses("button", "Record this review")
    ada.reads("The meeting", "Your rating", "Decisions", "Cannot start yet")


def tells_when_it_was_held(ada: Person) -> None:
    """A day to come is refused; today is not."""
    ada.follows("The meeting")
    ada.presses("button", "Save and go on")
    ada.reads("There is a problem", "Enter the day the review was held")
    ada.writes_day("What day was the review held?", TODAY.replace(day=20))
    ada.presses("button", "Save and go on")
    ada.reads("There is a problem", "in the future")
    ada.writes_day("What day was the review held?", TODAY)
    ada.presses("button", "Save and go on")


def tells_how_the_child_took_part(ada: Person) -> None:
    """The code for under fours is refused for a child of twelve, with a plain reason."""
    ada.reads("How the child took part")
    ada.chooses("PN0")
    ada.presses("button", "Save and go on")
    ada.reads("PN0 is for children under four", "choose PN1 to PN7")
    ada.chooses("PN1")
    ada.writes("What did the child say or show?", "I want to stay here.")
    ada.presses("button", "Save and go on")


def writes_while_it_is_saved(ada: Person) -> None:
    """What is typed is on the server before any button is pressed; without scripts, once a button says so."""
    ada.reads("What was discussed")
    if ada.has_scripts:
        ada.writes_until_saved("What was discussed?", DISCUSSION)
        ada.opens("/reviews/")
        ada.page.go_back()
    else:
        ada.writes("What was discussed?", DISCUSSION)
        ada.presses("button", "Save and come back later")
        ada.reads("Saved 17 August 2026")
        ada.follows("What was discussed")
    expect(ada.main.get_by_label("What was discussed?")).to_have_value(DISCUSSION)
    ada.presses("button", "Save and go on")


def rates_amber(ada: Person) -> None:
    """Amber without a reason is refused."""
    ada.reads("Your rating")
    ada.chooses("Amber")
    ada.presses("button", "Save and go on")
    ada.reads("There is a problem")
    ada.writes("Why is it Amber or Red?", REASON)
    ada.presses("button", "Save and go on")


def asks_the_team_manager(ada: Person) -> None:
    """The informal stage, with what would settle it; nothing said is refused."""
    ada.reads("What follows your rating", "Open Informal with the team manager")
    ada.presses("button", "Save and go on")
    ada.reads("Enter what would settle it")
    ada.writes("What would settle it?", SOUGHT)
    ada.presses("button", "Save and go on")


def decides(ada: Person) -> None:
    """Two decisions, each with its outcome, owner and day; none is refused."""
    ada.reads("Decision 1")
    ada.presses("button", "Save and go on")
    ada.reads("There is a problem")
    for number, told in enumerate(DECISIONS, start=1):
        if number > 1:
            ada.presses("button", "Add another decision")
        row = ada.main.get_by_role("group", name=f"Decision {number}", exact=True)
        ada.writes("What was decided?", told.text, row)
        ada.writes("Job done when…", told.outcome, row)
        ada.writes("Who will do it?", told.owner, row)
        ada.writes_day("By what day?", told.due_on, row)
    ada.presses("button", "Save and go on")


def checks_and_records(ada: Person) -> None:
    """Everything typed stands there; the one button is pressed twice."""
    ada.reads("Check your answers", "17 August 2026", "PN1", DISCUSSION, "Amber", REASON, SOUGHT)
    ada.reads(*(told.outcome for told in DECISIONS))
    ada.reads("24 August 2026")
    ada.presses_twice("Record this review", leads_to="/recorded/")
    ada.reads("What follows from this review", "due by 17 November 2026")


def records_the_review(ada: Person, review: Review) -> None:
    """All of it, from the review's page to what follows."""
    opens_the_record(ada, review)
    tells_when_it_was_held(ada)
    tells_how_the_child_took_part(ada)
    writes_while_it_is_saved(ada)
    rates_amber(ada)
    asks_the_team_manager(ada)
    decides(ada)
    checks_and_records(ada)
