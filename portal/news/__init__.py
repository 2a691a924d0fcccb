"""News of the office: dated, sourced, corrected in the open, and never the only home of a rule."""
