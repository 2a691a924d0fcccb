"""Forms of any kind of page, made from its typed facts and words; what nobody changed keeps every byte."""
