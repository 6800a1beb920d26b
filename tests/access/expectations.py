"""What each address asks of a person. A new address without a row here fails the walk.

`asks` is the permission besides seeing the child (or None: everybody signed in). `about` is whose record the
uuid names. `also` lists answers that the state of the record may give to somebody who is allowed.
"""

from dataclasses import dataclass

from accounts.roles import ChildPermission as C
from accounts.roles import Permission as P


@dataclass(frozen=True)
class Row:
    """One address: what it asks, what its uuid is about, and further answers that are right."""

    asks: C | P | tuple[C | P, ...] | None = None  # of several, any one
    about: str = ""
    also: tuple[int, ...] = ()


def of(about: str, asks: C = C.VIEW, *also: int) -> Row:
    """An address about one child, directly or through a review or an escalation."""
    return Row(asks, about, also)


# Shown to somebody who has not signed in. Nothing here tells of a child or a member of staff.
PUBLIC = {
    "live",
    "ready",
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "socialaccount_signup",
    "openid_connect_login",
    "openid_connect_callback",
}

SIGNED_IN = {
    # one's own sign-in
    "accounts:mine": Row(),
    "accounts:extend": Row(),
    "accounts:keep_draft": Row(),
    "accounts:resume": Row(about="held_post"),
    "accounts:drop": Row(about="held_post"),
    "account_reauthenticate": Row(also=(403,)),  # nothing to prove it with where no password is set
    "account_change_password": Row(),
    "account_set_password": Row(),
    "usersessions_list": Row(),
    # accounts
    "accounts:list": Row(P.MANAGE_ACCOUNTS),
    "accounts:open": Row(P.MANAGE_ACCOUNTS),
    "accounts:account": Row(P.MANAGE_ACCOUNTS, "account"),
    "accounts:add_post": Row(P.MANAGE_ACCOUNTS, "account"),
    "accounts:leave": Row(P.MANAGE_ACCOUNTS, "account"),
    "accounts:send_link": Row(P.MANAGE_ACCOUNTS, "account"),
    "accounts:registration": Row(P.MANAGE_ACCOUNTS, "account"),
    "accounts:close": Row(P.MANAGE_ACCOUNTS, "account"),
    # the ladder
    "escalations:ladders": Row((P.MANAGE_STRUCTURE, P.MANAGE_PRACTICE)),
    "escalations:set_ladder": Row(P.MANAGE_PRACTICE),
    "escalations:withdraw_ladder": Row(P.MANAGE_PRACTICE, "", (404,)),
    # margins, words, what a rating leads to
    "duties:practice": Row((P.MANAGE_STRUCTURE, P.MANAGE_PRACTICE)),
    "duties:set_practice": Row(P.MANAGE_PRACTICE),
    "accounts:posts": Row(P.MANAGE_ACCOUNTS),
    "accounts:add_vacancy": Row(P.MANAGE_ACCOUNTS),
    "accounts:post": Row(P.MANAGE_ACCOUNTS, "place"),
    "accounts:fill_post": Row(P.MANAGE_ACCOUNTS, "place"),
    "accounts:end_post": Row(P.MANAGE_ACCOUNTS, "place"),
    # settings
    "dashboards:settings": Row((P.MANAGE_STRUCTURE, P.MANAGE_PRACTICE)),
    "authorities:structure": Row(P.MANAGE_STRUCTURE),
    "authorities:add_service": Row(P.MANAGE_STRUCTURE),
    "authorities:add_team": Row(P.MANAGE_STRUCTURE),
    **{
        f"authorities:{name}": Row(P.MANAGE_STRUCTURE, "place")
        for name in ("service", "rename_service", "close_service", "reopen_service")
    },
    **{
        f"authorities:{name}": Row(P.MANAGE_STRUCTURE, "place")
        for name in ("team", "rename_team", "place_team", "merge_team", "close_team", "reopen_team")
    },
    # children
    "children:people": of("child"),
    "children:allocate": of("child", C.ALLOCATE),
    "children:care": of("child"),
    "children:correct_care": of("child", C.ALLOCATE, 404),  # where no episode began that day
    "children:correct_people": of("child", C.ALLOCATE, 404),
    "children:correct_team": of("child", C.ALLOCATE, 404),
    "children:access": of("child", C.RECORD),
    "children:changes": of("child"),
    "children:access_log": Row(P.READ_ACCESS_LOG),
    # reviews
    "duties:duty": of("duty"),
    "reviews:list": Row(),
    "reviews:of_child": of("child"),
    "reviews:decisions": Row(C.READ_RECORD),
    "reviews:decision": of("decision", C.READ_RECORD, 403),  # who reads it may not say what came of it
    "reviews:review": of("review"),
    "reviews:due": of("review"),
    "reviews:find_last": of("review", C.RECORD),
    "reviews:book": of("review", C.SCHEDULE),
    "reviews:unbook": of("review", C.SCHEDULE, 302),  # to the review, where nothing is booked
    "reviews:correct": of("review", C.RECORD, 302),  # to the review, before it is recorded
    "reviews:not_held": of("review", C.RECORD, 302),
    "reviews:another_child": of("review", C.RECORD, 302),
    "reviews:record": of("review", C.RECORD),
    "reviews:record_section": of("review", C.RECORD),
    "reviews:save_draft": of("review", C.RECORD),
    "reviews:check": of("review", C.RECORD),
    "reviews:recorded": of("review"),
    # escalations
    "escalations:list": Row(C.READ_RECORD),
    "escalations:escalation": of("escalation", C.READ_RECORD),
    "escalations:respond": of("escalation", C.RESPOND, 403),  # only the rung that is asked
    "escalations:move_up": of("escalation", C.ESCALATE),
    "escalations:resolve": of("escalation", C.ESCALATE),
    "escalations:promise": of("escalation", C.READ_RECORD, 404),  # only a rung whose answer promised something
    "escalations:of_child": of("child", C.READ_RECORD),
    "escalations:raise": of("child", C.ESCALATE),
    # alerts and figures
    "alerts:list": Row(),
    "dashboards:home": Row(),
    "dashboards:caseload": Row(),
    "dashboards:child": of("child"),
    "dashboards:search": Row(),
    "dashboards:figures": Row(P.VIEW_FIGURES),
    "dashboards:figure": Row(P.VIEW_FIGURES, also=(403,)),  # numbers without the names behind them
    "dashboards:download": Row(P.VIEW_FIGURES, also=(403,)),
    "returns:data_quality": Row(P.MANAGE_RETURNS),
    "returns:data_quality_list": Row(P.MANAGE_RETURNS),
    "returns:problems": Row(P.MANAGE_RETURNS, also=(404,)),  # where that year's return was never read
    "api:docs": Row(P.USE_API),
}
