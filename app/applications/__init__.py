"""The application (申报件): choosing, filling section by section, uploads, checklist, snapshots, submission, progress,
and fire(), the only writer of state. Not here: what reviewers do with it (reviews) and the rules (workflow)."""
