"""The parts of a guide in order: the first stands on the guide's own page, the others have addresses below it."""

from __future__ import annotations

from dataclasses import dataclass

from portal.content.markdown.body import Body, Part, Segment


@dataclass(frozen=True)
class GuideParts:
    """What stands before the first heading, and the parts."""

    introduction: tuple[Segment, ...]
    parts: tuple[Part, ...]

    @classmethod
    def of(cls, body: Body) -> GuideParts:
        """The parts of a text."""
        introduction = tuple(segment for part in body.parts if not part.id for segment in part.segments)
        return cls(introduction, tuple(part for part in body.parts if part.id))

    def index(self, id_: str) -> int | None:
        """The position of the part in the order from 0, or nothing."""
        return next((number for number, part in enumerate(self.parts) if part.id == id_), None)
