"""Public notices (公示): the notice of a unit before it reports and of results before they are approved; their sheet,
their working days, objections. Not here: the opinion that quotes them (reviews)."""
