"""What somebody may do to another person's account."""

from uuid import UUID

from .access import permits
from .models import HeldPost, Holding, User
from .querysets import PersonQuerySet
from .roles import Permission


def accounts_managed_by(user: User) -> PersonQuerySet:
    """The accounts of their own authority, for a system administrator; none for anybody else."""
    if not permits(user, Permission.MANAGE_ACCOUNTS):
        return User.objects.none()
    return User.objects.by_name().filter(authority_id=user.authority_id)


def accounts_with_posts(user: User) -> PersonQuerySet:
    """The same accounts with the posts each person holds now, in one query more."""
    return accounts_managed_by(user).with_posts(Holding.objects.all())


def may_manage_accounts(user: User) -> bool:
    """Whether this person opens and closes accounts."""
    return permits(user, Permission.MANAGE_ACCOUNTS)


def may_change(user: User, account: User) -> bool:
    """Nobody closes their own account or gives themselves a post."""
    return user.pk != account.pk


def held_post_of(user: User, uuid: UUID) -> HeldPost | None:
    """What this person had typed; None when it is somebody else's or gone."""
    return HeldPost.objects.filter(user=user, uuid=uuid).first()
