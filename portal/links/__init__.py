"""Links that lead out of the site: those that content names, checked by a nightly job."""
