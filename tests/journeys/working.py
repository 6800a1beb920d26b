"""What an IRO, a team manager and a head of service do around a recorded review, sentence by sentence."""

import re
from datetime import date

from alerts.tasks import deliver, sweep
from children.models import Child
from reviews.models import Review

from .person import Person

ACTION = "The nurse comes on 1 September."
DOUBT = "The delay was the clinic's, not ours."
WHY_UP = "A date is given, but nobody takes her there."
ENDED = "She has been seen, and the school has the plan."


def time_passes() -> None:
    """What Celery does every minute: raise and clear alerts, then send what is unsent."""
    sweep()
    deliver()


def sees_what_is_late_first(ada: Person, late: Child, other: Child) -> None:
    """Home says what is late and whose move it is; the caseload begins with it."""
    ada.opens("/")
    ada.reads("Today and this week", "Late", "Answers that came")
    ada.follows("Caseload")
    rows = ada.main.locator("tbody tr")
    assert [str(child) in rows.nth(n).inner_text() for n, child in enumerate((late, other))] == [True, True]
    assert "Overdue" in rows.nth(0).inner_text()
    assert "Not due" in rows.nth(1).inner_text()


def asks_why_that_day(ada: Person, child: Child) -> None:
    """The due date opens its working, and says what another day would mean."""
    row = ada.main.get_by_role("row", name=re.compile(re.escape(str(child))))
    ada.follows(re.compile("1 Sep"), row)
    ada.reads("1 September 2026", "20 working days", "reg. 33", "Late Summer Bank Holiday")
    ada.writes_day("What if it is held on…?", date(2026, 9, 2))
    ada.presses("button", "Work it out")
    ada.reads("If it is held on 2 September 2026", "Late")


def is_told(ada: Person, *kinds: str) -> None:
    """The alerts page lists what has slipped, and only that."""
    ada.follows(re.compile("^Alerts"), ada.page.get_by_role("navigation", name="Menu"))
    tags = ada.main.locator("tbody .govuk-tag").all_inner_texts()
    assert sorted(tags) == sorted(kinds)


def answers_in_part(meera: Person, review: Review) -> None:
    """The manager's home starts with what waits; an answer without words is refused."""
    meera.opens("/")
    assert meera.main.get_by_role("heading", level=2).first.inner_text() == "1 waits for you"
    meera.reads(review.child.reference, "Answer by 24 August 2026")
    meera.presses("button", re.compile("^Accept in part"))
    meera.presses("button", "Send answer")
    meera.reads("There is a problem")
    meera.writes("What will be done?", ACTION)
    meera.writes_day("By what day?", date(2026, 9, 1))
    meera.writes("Why?", DOUBT)
    meera.presses_twice("Send answer", leads_to=r"/escalations/[0-9a-f-]+/$")
    meera.reads("Your answer has been sent to the IRO.", ACTION, DOUBT)
    meera.opens("/")
    meera.reads("Nothing waits for you")


def moves_it_up(ada: Person, review: Review) -> None:
    """The IRO finds the answer on her home page and asks the next manager."""
    ada.opens("/")
    ada.follows(re.compile(re.escape(str(review.child))), ada.main.get_by_role("region", name="Answers that came"))
    ada.reads(ACTION, DOUBT, "The move is the IRO's.")
    ada.presses("button", "Move up")
    ada.presses("button", "Move up")
    ada.reads("There is a problem", "Enter why it moves up")
    ada.writes("Why does it move up?", WHY_UP)
    ada.presses("button", "Move up")
    ada.reads("Moved to Stage 1. An answer is due by 24 August 2026.", "0 of 20 working days used", WHY_UP)


def resolves_it(ada: Person) -> None:
    """How it ended has to be said."""
    ada.follows("Resolve")
    ada.presses("button", "Resolve")
    ada.reads("There is a problem", "Enter how it was resolved")
    ada.writes("How was it resolved?", ENDED)
    ada.presses("button", "Resolve")
    ada.reads("resolved", ENDED, "What was promised is still to be done.")


def reads_the_figures(hana: Person, late: Child, held: Child) -> None:
    """A number opens the list that makes it; the list downloads."""
    hana.opens("/")
    hana.reads("This quarter", "1 of 1")
    hana.follows("Figures")
    hana.follows(re.compile("Reviews overdue: open the list"))
    hana.reads(str(late))
    hana.does_not_read(str(held))
    lines = hana.downloads("Download this list as CSV").splitlines()
    assert len(lines) == 2
    assert late.reference in lines[1]
