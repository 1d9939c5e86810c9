"""Signing in: passwords and the brake on guessing them, second factors, sessions, links that let in once.

The pages and flows are django-allauth's, with our templates; here is what it lacks: a brake that nobody can turn
against another (brake_rule.py, passwords.py), the log of tries that their owner sees (sign_ins.py), the page *Akun*,
and links by which an account gets its first or a new password. What ends a session or needs a second factor stands in
offices/access, because the sockets ask it, too.
"""
