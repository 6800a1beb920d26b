"""Which acts on the same child get in each other's way, and what the second of two people is told.

Ivy, the IRO manager, acts first (Meera, the team manager, where the act is an answer); then Ada, the child's IRO
(Nora, a second team manager, where it is an answer). A pair that does not stand in TOLD does not conflict: both
acts succeed, since neither takes from the other what its decision rested on. Where it does stand there, the first
act is done and the second is not: its person is told who did what, and gets their text back.
"""

ACTS = ("raise", "answer", "move up", "resolve", "book", "record", "mark", "allocate", "leave")

ANSWERED = "Meera North answered this concern on 17 August 2026 (contest)."
MOVED = "Ivy Lead has already moved this concern to Stage 1."
RESOLVED = "Ivy Lead has already resolved this concern."
RECORDED = "Ivy Lead recorded this review on Monday 17 August 2026, as held on Monday 17 August 2026."
REPLACED = "Ivy Lead made {first} the child's IRO."

TOLD = {
    # Who moves up or resolves decides on the answer, or on there being none: a new one must be read first.
    ("answer", "answer"): ANSWERED,
    ("answer", "move up"): ANSWERED,
    ("answer", "resolve"): ANSWERED,
    # The rung they were asked at, or looked at, is not the one it stands on.
    ("move up", "answer"): MOVED,
    ("move up", "move up"): MOVED,
    ("move up", "resolve"): MOVED,
    ("resolve", "answer"): RESOLVED,
    ("resolve", "move up"): RESOLVED,
    ("resolve", "resolve"): RESOLVED,
    # A day is moved knowingly, not by who saves last; what has been held is not booked.
    ("book", "book"): "Ivy Lead has booked it for Wednesday 26 August 2026 since you opened this page.",
    ("record", "book"): RECORDED,
    ("record", "record"): RECORDED,
    # What came of a decision is said by one; whoever says something else has to read that first.
    ("mark", "mark"): "Ivy Lead said on Monday 17 August 2026 of “Find a mentor”: not done.",
    # The right to raise, move and resolve goes with the child. A review is still recorded by who chaired it.
    ("allocate", "raise"): REPLACED,
    ("allocate", "move up"): REPLACED,
    ("allocate", "resolve"): REPLACED,
    ("allocate", "mark"): REPLACED,
    ("allocate", "allocate"): "Ivy Lead chose {first} since you opened this page.",
    # Nobody holds a child without a post: the one who leaves is the one to whom the child is allocated.
    ("allocate", "leave"): "1 child is allocated to {first}. Allocate them to somebody else first.",
    ("leave", "allocate"): "{first} left their last post as IRO on 17 August 2026.",
}
