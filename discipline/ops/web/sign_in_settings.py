"""The settings of signing in: Django's and allauth's, and a provider of OpenID Connect from the environment."""

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import Env

OIDC = "kota"  # in the addresses of the provider's pages


def sign_in_settings(env: Env, *, demo: bool, behind_tls: bool) -> dict[str, Any]:
    """Return the settings. Raises ImproperlyConfigured for a provider without HTTPS, unless it is on this machine."""
    validators = ("UserAttributeSimilarityValidator", "CommonPasswordValidator")
    longer = {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}}
    return {
        "LOGIN_URL": "account_login",
        "LOGIN_REDIRECT_URL": "board",
        "LOGOUT_REDIRECT_URL": "account_login",
        "AUTHENTICATION_BACKENDS": ["offices.accounts.backend.BrakedBackend"],
        "AUTH_PASSWORD_VALIDATORS": [
            longer,
            *({"NAME": f"django.contrib.auth.password_validation.{name}"} for name in validators),
        ],
        "SESSION_COOKIE_AGE": 24
        * 3600,  # longer than a session (session_rule.py), so that the login page says why it ended
        "HELP_CONTACT": env.str("HELP_CONTACT", ""),  # whom to call who can't sign in; shown to everybody
        "SECOND_FACTOR_REQUIRED": not demo,  # of those who see the city, and of the administration
        "ACCOUNT_ADAPTER": "offices.accounts.adapters.AccountAdapter",
        "ACCOUNT_LOGIN_METHODS": {"username"},
        "ACCOUNT_SIGNUP_FIELDS": ["username*", "password1*"],
        "ACCOUNT_SIGNUP_ENABLED": False,
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_SESSION_REMEMBER": True,
        "ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS": False,  # the page says why an account is not enough
        "ACCOUNT_FORMS": {"change_password": "offices.accounts.forms.OwnPasswordForm"},
        # Passwords are braked by the backend; this is for codes, and for what a signed-in user repeats.
        "ACCOUNT_RATE_LIMITS": {
            "login": None,
            "login_failed": "5/5m/key",
            "reset_password": "30/h/ip,3/h/key",
            "complaint": "30/h/ip,5/h/key",  # many phones share one address of their network; key: the mail address
            "complaint_passed_on": "600/h/ip,5/h/key",  # by a system for many residents (Open311)
            "complaint_photo": "60/h/ip",
            "complaint_track": "120/h/ip,10/h/key",  # key: the number
        },
        "MFA_ADAPTER": "discipline.core.sealed_factors.SealingMfaAdapter",
        "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
        "MFA_PASSKEY_LOGIN_ENABLED": True,
        "MFA_RATE_LIMITS": {"webauthn_login": "120/m/ip"},  # a whole office may have one address
        "MFA_TOTP_ISSUER": "Sidak",
        "MFA_TOTP_TOLERANCE": 1,  # phones' clocks differ
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": not behind_tls,
        "SOCIALACCOUNT_ADAPTER": "offices.accounts.adapters.ProviderAdapter",
        "SOCIALACCOUNT_LOGIN_ON_GET": True,  # the pages' policy sends forms nowhere else
        "SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX": "",
        **_provider_settings(env, demo=demo),
    }


def _provider_settings(env: Env, *, demo: bool) -> dict[str, Any]:
    issuer = env.str("OIDC_ISSUER", "")
    if not issuer:
        return {"OIDC_NAME": "", "SOCIALACCOUNT_PROVIDERS": {}}
    parts = urlsplit(issuer)
    if parts.scheme != "https" and not (demo and parts.hostname in ("127.0.0.1", "localhost")):
        raise ImproperlyConfigured("OIDC_ISSUER must begin with https://")
    name = env.str("OIDC_NAME", "SSO")
    app = {
        "provider_id": OIDC,
        "name": name,
        "client_id": env.str("OIDC_CLIENT_ID"),
        "secret": env.str("OIDC_CLIENT_SECRET"),
        "settings": {
            "server_url": issuer.rstrip("/"),
            "oauth_pkce_enabled": True,
            "fetch_userinfo": False,  # the signed token says who it is
            "username_claim": env.str("OIDC_USERNAME_CLAIM", "preferred_username"),
        },
    }
    return {"OIDC_NAME": name, "SOCIALACCOUNT_PROVIDERS": {"openid_connect": {"APPS": [app]}}}
