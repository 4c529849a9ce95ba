"""Who did what to which record, when and from where; rows are only ever added, and sealed in batches by a hash chain.
Not here: the history of an application (applications), which its people may read."""
