"""Who an applicant is, when that has to be proven to somebody: a new name or ID number after a submission, a new phone for
one that was lost. Not here: what a person changes alone (accounts), and who belongs to a unit (units)."""
