"""Reference data: series, levels, titles, specialties, code lists, rules of eligibility, working days.
Not here: the sections of an application (applications/sections), anything of one person or unit."""
