"""组织评审: meetings, their candidates and results, and the approval documents (批准文号) that name who passed.
Not here: the publication of results (public_notices) and certificates (certificates)."""
