"""What invented reviews, concerns and answers say."""

from random import Random

SAFE = [
    "{name} is settled where {they} live and says the carers listen.",
    "The placement is stable. {name} has a room of {their} own and a routine that suits {them}.",
    "{name} has been with the same carers since the last review and is part of the family.",
    "There have been arguments at home this term; the carers feel supported and want to go on.",
]
LEARNING = [
    "School attendance is above 95 per cent and the personal education plan was reviewed this term.",
    "{name} is working below age expectations in maths; weekly tuition has begun.",
    "The move to the new school has gone better than anyone expected.",
    "Attendance has slipped to 84 per cent. The school and the carers have agreed a plan for mornings.",
]
HEALTH = [
    "The health assessment and dental check are up to date.",
    "The health assessment is two months late; an appointment has now been made.",
    "{name} sees a counsellor every other week and finds it helpful.",
    "Glasses were prescribed in the spring and {name} wears them at school.",
]
FAMILY = [
    "{name} sees {their} mother every second Saturday, supervised, and looks forward to it.",
    "Time with {their} grandparents works well and could be longer.",
    "{name} asks to see {their} brother more often than once a month.",
    "{name} does not want to see {their} father at present, and that is respected.",
]
PLAN = [
    "The plan for permanence is long-term fostering and the match goes to panel next month.",
    "The plan remains a return home, with a parenting assessment due before the next review.",
    "The plan is for {name} to stay until adulthood; the pathway plan has been started.",
    "Two plans run side by side: a return home, or placement with an aunt who is being assessed.",
]
VIEWS = [
    "“I like it here. I would like to see my brother at weekends.”",
    "“School is better now. I want to keep my key worker.”",
    "“I want to know where I am going to live next year.”",
    "“I am happy with the plan. Please tell people not to talk about me in front of the class.”",
    "“I would like to go to swimming club again.”",
    "“I don't want to move schools.”",
]
TOO_YOUNG = "Too young to say. The IRO saw {name} at home, playing and at ease with the carers."
DECISIONS = [
    ("Arrange the overdue health assessment", "Health needs are known and acted on", "Social worker"),
    ("Ask for longer time with the grandparents", "{name} keeps the ties that matter to {them}", "Social worker"),
    ("Hold the personal education plan meeting", "The right help in class is agreed", "Virtual school"),
    ("Complete the aunt's assessment", "It is known whether {name} can live with family", "Fostering team"),
    ("Finish life-story work", "{name} understands why {they} came into care", "Social worker"),
    ("Share the updated care plan with everybody", "Everybody works to the same plan", "Social worker"),
    ("Visit the swimming club with {name}", "{name} does something {they} chose", "Foster carer"),
    ("Take the match to panel", "{name} knows that {they} can stay", "Team manager"),
    ("Refer to the children's advocacy service", "{name}'s voice is heard between reviews", "Social worker"),
    ("Book a dental check", "Dental health is looked after", "Foster carer"),
]
AMBER = [
    "The assessment decided at the last review has not been started.",
    "{name} has had three social workers since the last review and does not know the present one.",
    "The health assessment is over three months late in spite of the decision to arrange it.",
    "The care plan has not been updated since the change of placement.",
]
RED = [
    "There is no plan for permanence nine months after {name} came into care.",
    "{name} has not been visited by a social worker for eleven weeks.",
    "{name} was moved without a review, against {their} wishes, and is out of school.",
]
SOUGHT = [
    "A written plan with dates, agreed with the IRO, and a visit to {name} within a week.",
    "The work started, with a named worker, and an up-to-date care plan on the record.",
    "A decision on the plan for permanence at the next panel.",
]
ACTIONS = [
    "An experienced worker takes this on from Monday and will visit {name} the same week.",
    "The assessment has been given to the fostering team and will be finished on the date shown.",
    "The care plan will be rewritten with {name} and shared with everybody.",
]
CONTESTED = [
    "The delay is with the court's timetable; the team has done what it can.",
    "The visits took place and are recorded; the dates will be shown to the IRO.",
]
PARTLY = "The visit will be made. The assessment must wait for the court's directions."
MOVED_UP = [
    "The answer gives no date by which the work will be done.",
    "No answer came in the time allowed.",
    "What was promised has not happened.",
]
RESOLVED = [
    "The worker has visited, the plan is written and {name} knows what happens next.",
    "The assessment has been finished and was shared with the IRO.",
    "The panel agreed the plan for permanence.",
]
LEFT = [
    "Already being put right: the new worker starts this week and has met {name}.",
    "Raised with the team manager in the meeting, who has set a date.",
]
PRONOUNS = {
    "F": {"they": "she", "them": "her", "their": "her"},
    "M": {"they": "he", "them": "him", "their": "his"},
}


def said(rng: Random, choices: list[str] | str, name: str, sex: str) -> str:
    """One of these sentences about this child."""
    text = choices if isinstance(choices, str) else rng.choice(choices)
    return text.format(name=name, **PRONOUNS[sex])


def discussion(rng: Random, name: str, sex: str) -> str:
    """What a review talked about: safety, learning, health, family and the plan."""
    return "\n\n".join(said(rng, theme, name, sex) for theme in (SAFE, LEARNING, HEALTH, FAMILY, PLAN))
