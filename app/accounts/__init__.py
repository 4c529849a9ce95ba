"""Persons and their accounts: registration, both login windows, captcha, SMS codes, sessions, roles.
Not here: units and their operators' work (units), and what anybody may do to an application (workflow)."""
