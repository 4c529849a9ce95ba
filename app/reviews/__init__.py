"""Reviewing: the inboxes of unit and body, the review page, opinions, and the moves report, return, finish, reject.
Not here: the notices (public_notices), meetings and results (meetings)."""
