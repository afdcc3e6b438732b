"""Passwords come from a person's hands, the environment or standard input; never from the command line."""

from __future__ import annotations

import getpass
import os
import sys

from core.errors import InputError

COORDINATOR = "FERROREAD_COORDINATOR_PASSWORD"
RATER = "FERROREAD_RATER_PASSWORD"
PERSON = "FERROREAD_PERSON_PASSWORD"


def given_password() -> str:
    """Return the coordinator's password if the environment gives it, else nothing."""
    return os.environ.get(COORDINATOR, "")


def coordinator_password(person: str = "") -> str:
    """Return the coordinator's password, or that of whoever is logged in by name."""
    return own_password() if person else given_password() or asked("Coordinator's password: ")


def own_password() -> str:
    """Return the password of whoever logs in to a study: from the environment, asked for, or read."""
    return os.environ.get(PERSON, "") or asked("Your password: ")


def rater_password() -> str:
    """Return a rater's password: from the environment, asked for in a terminal, or read."""
    return os.environ.get(RATER, "") or asked("Your password for this kit: ")


def new_password() -> str:
    """Return a new password, which is asked for twice in a terminal.

    Raises
    ------
    InputError
        If it was not typed the same twice.
    """
    new = asked("New password: ")
    if sys.stdin.isatty() and asked("The same once more: ") != new:
        raise InputError("the two passwords differ; nothing was changed, try again")
    return new


def asked(prompt: str) -> str:
    """Return what is typed without being shown, or a line of standard input."""
    if sys.stdin.isatty():
        return getpass.getpass(prompt)
    return sys.stdin.readline().rstrip("\r\n")
