"""How allauth behaves here: nobody signs up; an account is opened for them, and its own words are ours."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.urls import reverse

from .places import client_ip

MISMATCH = "The work e-mail address or the password is not right. Check both and try again."
FEWER_TRIES = "Too many attempts. Wait five minutes, then try again."


class AccountAdapter(DefaultAccountAdapter):
    """Closed to sign-up; errors in our words; wrong passwords are left to django-axes to count."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": MISMATCH,
        "email_password_mismatch": MISMATCH,
        "enter_current_password": "The present password is not right. Type it again.",
        "incorrect_password": "The password is not right. Type it again.",
        "too_many_login_attempts": FEWER_TRIES,
        "rate_limited": FEWER_TRIES,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are opened by a system administrator."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing: axes counts by address and place, so that a stranger cannot lock somebody out."""

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """No "signed in as …" banners: the page says so itself."""
        if message_template and "/logged_" not in message_template:
            super().add_message(request, level, message_template, *args, **kwargs)

    def get_client_ip(self, request: HttpRequest) -> str:
        """The same address that django-axes counts by."""
        return client_ip(request) or "0.0.0.0"  # noqa: S104  # nothing listens on it

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to one's own account, where the banner says it was done."""
        return reverse("accounts:mine")


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """The council's identity provider may sign in people who have an account, and opens none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Accounts are opened by a system administrator."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Join the provider's person to the account with the same verified work e-mail address."""
        if sociallogin.is_existing:
            return
        verified = [address.email.lower() for address in sociallogin.email_addresses if address.verified]
        account = get_user_model().objects.filter(username__in=verified, is_active=True).first()
        if account is not None:
            sociallogin.connect(request, account)
