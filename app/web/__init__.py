"""The only place that knows FAB's insides: the hardened grid, row scope, screens, theme, errors.
Not here: any page of a domain package."""
