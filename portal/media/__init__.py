"""Pictures and documents of the content: made anew from what was uploaded, with words for those who cannot see."""
