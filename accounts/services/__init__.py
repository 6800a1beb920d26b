"""Everything that changes who works here: accounts, posts and who fills them, tokens, forms held over a sign-in."""

from .accounts import (
    Newcomer,
    deactivate,
    end_sessions,
    note_password_link,
    open_account,
    open_account_with_post,
    open_first_administrator,
    register,
)
from .drafts import StalePage, forget_draft, keep_draft
from .establishment import (
    PostDetails,
    change_post,
    end_post,
    lock_posts_of,
    move_posts,
    open_vacancy,
)
from .held_posts import forget_held_post, hold_post, tidy
from .posts import NewPost, derive_groups, employ, fill_post, group_name, leave_post, lock_person, open_post
from .tokens import find_token, issue_token, revoke_token

__all__ = [
    "NewPost",
    "Newcomer",
    "PostDetails",
    "StalePage",
    "change_post",
    "deactivate",
    "derive_groups",
    "employ",
    "end_post",
    "end_sessions",
    "fill_post",
    "find_token",
    "forget_draft",
    "forget_held_post",
    "group_name",
    "hold_post",
    "issue_token",
    "keep_draft",
    "leave_post",
    "lock_person",
    "lock_posts_of",
    "move_posts",
    "note_password_link",
    "open_account",
    "open_account_with_post",
    "open_first_administrator",
    "open_post",
    "open_vacancy",
    "register",
    "revoke_token",
    "tidy",
]
