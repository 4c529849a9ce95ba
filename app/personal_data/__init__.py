"""我的数据: what is stored about an applicant, in words and to take away, and the end of the account.
Not here: where the data is kept and changed (every other package)."""
