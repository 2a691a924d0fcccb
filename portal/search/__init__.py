"""Search of published content in every language of the site, tolerant of spelling; drafts are not indexed."""
