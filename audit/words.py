"""Names of pages in the words of the people who opened them, with places for the authority's own."""

PAGES = {
    "dashboards:home": "their home page",
    "dashboards:caseload": "the caseload",
    "dashboards:child": "the child's story",
    "dashboards:search": "a search",
    "dashboards:figure": "the list behind a figure",
    "dashboards:download": "a downloaded list behind a figure",
    "children:people": "who works with the child",
    "children:care": "care periods and placements",
    "children:access": "who has looked at the record",
    "children:changes": "what changed",
    "children:allocate": "allocating people",
    "reviews:list": "the list of reviews",
    "reviews:review": "a review",
    "reviews:due": "how a due date was worked out",
    "reviews:book": "booking a review",
    "reviews:record": "recording a review",
    "reviews:record_section": "recording a review",
    "reviews:save_draft": "recording a review",
    "reviews:check": "checking a review before it is recorded",
    "reviews:recorded": "a review just recorded",
    "reviews:of_child": "the child's reviews",
    "escalations:list": "the list of {escalations}",
    "escalations:escalation": "the {escalation}",
    "escalations:respond": "answering the {escalation}",
    "escalations:move_up": "moving the {escalation} up",
    "escalations:resolve": "resolving the {escalation}",
    "escalations:of_child": "the child's {escalations}",
    "escalations:raise": "raising a concern",
    "alerts:list": "alerts",
    "api:children": "a list of children, through the API",
    "api:child": "the child, through the API",
    "api:reviews": "a list of reviews, through the API",
    "api:review": "a review, through the API",
    "api:review_book": "booking a review, through the API",
    "api:review_record": "recording a review, through the API",
    "api:escalations": "a list of {escalations}, through the API",
    "api:escalation": "the {escalation}, through the API",
    "api:escalation_respond": "answering the {escalation}, through the API",
    "api:escalation_move_up": "moving the {escalation} up, through the API",
    "api:escalation_resolve": "resolving the {escalation}, through the API",
    "api:alerts": "alerts, through the API",
    "returns:data_quality": "the data-quality list",
}


def page_words(what: str) -> str:
    """The page in words, for `authorities.words.say` to fill.

    Its own name with the marks taken out where it is not in the list.
    """
    return PAGES.get(what) or what.replace(":", ", ").replace("_", " ").replace("/", " ").strip()
