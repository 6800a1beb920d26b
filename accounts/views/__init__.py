"""The pages of people's own sign-in, of accounts and of posts, in the order of their addresses."""

from .accounts import (
    account,
    add_post,
    close,
    drop,
    extend,
    keep_draft,
    leave,
    list,
    mine,
    open,
    resume,
    send_link,
)
from .posts import add_vacancy, end_post, fill_post, post, posts
from .registration import registration

__all__ = [
    "account",
    "add_post",
    "add_vacancy",
    "close",
    "drop",
    "end_post",
    "extend",
    "fill_post",
    "keep_draft",
    "leave",
    "list",
    "mine",
    "open",
    "post",
    "posts",
    "registration",
    "resume",
    "send_link",
]
