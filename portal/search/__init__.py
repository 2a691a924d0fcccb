"""LAW: finds what is published, in whichever language and spelling people ask; never shows a draft."""
