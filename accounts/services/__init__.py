"""Everything that changes who works here: accounts, posts and who fills them, tokens, forms held over a sign-in."""

from .accounts import (
    Newcomer,
    deactivate,
    end_sessions,
    note_password_link,
    open_account,
    open_account_with_post,
    open_first_administrator,
)
from .drafts import StalePage, forget_draft, keep_draft
from .held_posts import forget_held_post, hold_post, tidy
from .posts import NewPost, derive_groups, employ, fill_post, group_name, leave_post, lock_person, open_post
from .tokens import find_token, issue_token, revoke_token

__all__ = [
    "NewPost",
    "Newcomer",
    "StalePage",
    "deactivate",
    "derive_groups",
    "employ",
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
    "note_password_link",
    "open_account",
    "open_account_with_post",
    "open_first_administrator",
    "open_post",
    "revoke_token",
    "tidy",
]
