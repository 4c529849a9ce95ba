"""Units (单位): registration and approval, operators, the unit key, the seal, who belongs.
Not here: what a unit does to an application (reviews) and its public notices (public_notices)."""
