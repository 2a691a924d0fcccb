"""The marker of messages that are translated later than they are written, for code that knows no request."""


def N_(message: str) -> str:  # noqa: N802 - the conventional name of the marker
    """Mark a message for extraction; it is translated where it is shown."""
    return message
