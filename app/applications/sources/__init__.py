"""Where rows come from besides typing: 我的资料库, an earlier application (沿用), a table (批量导入). Each says what it
could give; saving writes it. Not here: what of a section may go along (sections/portable) and the pages (views)."""
