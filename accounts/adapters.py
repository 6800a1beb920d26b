"""How allauth behaves here: nobody signs up; an account is opened for them."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Closed to sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are opened by a system administrator."""
        return False


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """The council's identity provider may sign in people who have an account, and opens none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Accounts are opened by a system administrator."""
        return False
