"""The schedule builder: weekly hours, seasons, exceptions and series of sessions as forms, saved into a draft."""
