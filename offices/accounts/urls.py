"""URLs of signing in and of one's account: those of allauth that are used, by the names that it knows them by."""

from allauth.account.views import ReauthenticateView
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import include, path, reverse_lazy
from django.views.decorators.cache import never_cache

from offices.accounts import forgotten_views, oidc, views

FACTORS = reverse_lazy("mfa_index")

second_step = mfa.AuthenticateView.as_view(template_name="accounts/second_step.html")
passkey_login = login_not_required(webauthn.LoginWebAuthnView.as_view())
reauthenticate = ReauthenticateView.as_view(template_name="accounts/reauthenticate.html")
reauthenticate_code = mfa.ReauthenticateView.as_view(template_name="accounts/reauthenticate.html")
reauthenticate_passkey = webauthn.ReauthenticateWebAuthnView.as_view(template_name="accounts/reauthenticate.html")
factors = mfa.IndexView.as_view(template_name="accounts/factors.html")
totp_add = totp.ActivateTOTPView.as_view(template_name="accounts/totp_add.html")
totp_remove = totp.DeactivateTOTPView.as_view(template_name="accounts/factor_remove.html")
passkey_add = webauthn.AddWebAuthnView.as_view(template_name="accounts/passkey_add.html")
passkey_remove = webauthn.RemoveWebAuthnView.as_view(template_name="accounts/factor_remove.html", success_url=FACTORS)
codes = recovery_codes.ViewRecoveryCodesView.as_view(template_name="accounts/codes.html")
codes_renew = recovery_codes.GenerateRecoveryCodesView.as_view(template_name="accounts/codes_renew.html")

urlpatterns = [
    path("masuk/", views.EntranceView.as_view(), name="account_login"),
    path("masuk/kode/", second_step, name="mfa_authenticate"),
    path("masuk/passkey/", passkey_login, name="mfa_login_webauthn"),
    path("masuk/tautan/<uidb64>/<token>/", never_cache(views.LinkedPasswordView.as_view()), name="set-password"),
    path("masuk/lupa-sandi/", forgotten_views.forgotten, name="password-forgotten"),
    path("masuk/oidc/<slug:provider_id>/", oidc.login, name="openid_connect_login"),
    path("masuk/oidc/<slug:provider_id>/kembali/", oidc.callback, name="openid_connect_callback"),
    path("keluar/", LogoutView.as_view(), name="logout"),
    path("akun/", views.account, name="account"),
    path("akun/sandi/", views.OwnPasswordView.as_view(), name="account_change_password"),
    path("akun/e-mail/", views.own_email, name="account-email"),
    path("akun/keluar-lain/", views.sign_out_elsewhere, name="sign-out-elsewhere"),
    path("akun/tegaskan/", reauthenticate, name="account_reauthenticate"),
    path("akun/tegaskan/kode/", reauthenticate_code, name="mfa_reauthenticate"),
    path("akun/tegaskan/passkey/", reauthenticate_passkey, name="mfa_reauthenticate_webauthn"),
    path("akun/langkah-kedua/", never_cache(factors), name="mfa_index"),
    path("akun/langkah-kedua/aplikasi/", never_cache(totp_add), name="mfa_activate_totp"),
    path("akun/langkah-kedua/aplikasi/hapus/", never_cache(totp_remove), name="mfa_deactivate_totp"),
    path("akun/langkah-kedua/passkey/", never_cache(passkey_add), name="mfa_add_webauthn"),
    path("akun/langkah-kedua/passkey/<int:pk>/hapus/", never_cache(passkey_remove), name="mfa_remove_webauthn"),
    path("akun/langkah-kedua/kode/", codes, name="mfa_view_recovery_codes"),
    path("akun/langkah-kedua/kode/baru/", never_cache(codes_renew), name="mfa_generate_recovery_codes"),
    path("pengguna/", include("offices.accounts.users.urls")),
]
