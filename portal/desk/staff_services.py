"""The staff services of the desk: features read and publish content, and begin drafts, through these alone."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, g

from portal.accounts.people import current_staff, person_of, staff_named
from portal.accounts.staff_services import AccountServices
from portal.content.problems import ContentError
from portal.drafts.drafts import begin, open_draft_of
from portal.publishing import wiring
from portal.publishing.checkpoints import wiring as checkpoints
from portal.publishing.edits import Edit, EditConflict
from portal.publishing.jobs import reconcile_at_start
from portal.publishing.scheduled import pages_of
from portal.publishing.wiring import REFUSALS, publish_edit, refusal_message
from portal.web.clock import real_instant, request_clock
from portal.web.languages import gettext as _
from portal.web.operations.commands import add_preparation
from portal.web.pages import url
from portal.web.staff import NotPublished, PublishedMeanwhile, connect_staff_services
from portal.web.state import portal
from portal.web.transactions import session


class DeskServices(AccountServices):
    """Reads what readers see, publishes what the site's own reader can read, and opens drafts."""

    def record(self, action: str, target: str) -> None:
        """Add an action of whoever is signed in to the audit log."""
        # The log writes in a transaction of its own; on SQLite one that the request left open would block it.
        session().commit()
        super().record(action, target)

    def read(self, path: str) -> str:
        """The text of a file as readers see it now; raises NotPublished when there is none.

        `publish` refuses a change of the file within this request if somebody changed it after this read.
        """
        text = _text_now(path)
        if text is None:
            raise NotPublished(_("There is no file %(path)s any more. Look whether somebody removed it.", path=path))
        g.setdefault("desk_seen", {})[path] = text
        return text

    def publish(
        self, changes: Mapping[str, str | bytes | None], *, reason: str, author: str = "", unread: bool = False
    ) -> None:
        """Publish these files as one change by whoever is signed in; raises NotPublished with a message for staff.

        With an `author` the commit is theirs, committed and approved by whoever is signed in.
        """
        staff = current_staff()
        writer = staff_named(session(), author) if author else None
        is_approved = writer is not None and writer.id != staff.id
        seen = {path: text for path, text in g.get("desk_seen", {}).items() if path in changes}
        edit = Edit(
            author=(writer or staff).id,
            person=person_of(writer or staff),
            committer=person_of(staff),
            approved_by=staff.name if is_approved else "",
            reason=reason,
            changes=changes,
            seen=seen,
            unread=unread,
        )
        try:
            publish_edit(edit)
        except EditConflict as conflict:
            raise PublishedMeanwhile(refusal_message(conflict)) from conflict
        except REFUSALS as refused:
            raise NotPublished(refusal_message(refused)) from refused
        g.pop("desk_seen", None)

    def draft(self, kind: str, slug: str, files: Mapping[str, str]) -> str:
        """A draft of a new page and the address at which it is written; raises NotPublished."""
        taken = portal().live.current().get(kind, slug) is not None
        if taken or open_draft_of(session(), kind, slug) is not None:
            raise NotPublished(_("There is already a page or a draft named %(name)s.", name=f"{kind}/{slug}"))
        who, now = current_staff().id, real_instant()
        draft = begin(session(), kind=kind, slug=slug, files=files, base_files={}, base="", who=who, now=now)
        return url("desk.edit", id_=draft.id)


def install(app: Flask) -> None:
    """Connect the services, and reconcile interrupted publications before the first request."""
    connect_staff_services(app, DeskServices())
    add_preparation(app, "publications", reconcile_at_start)
    checkpoints.install(app)


def _text_now(path: str) -> str | None:
    """The text that holds now; in a repository that of the newest commit, before this process serves it."""
    if not wiring.can_publish():
        try:
            return portal().live.source.read(path).decode()
        except (ContentError, UnicodeDecodeError):
            return None
    with wiring.content_repository() as repository:
        head = repository.head()
        for key, names in pages_of([path]).items():
            return wiring.publisher().page(repository, head, key).visible_texts(request_clock().now).get(names[0])
        data = repository.read(head, path)
    return data.decode() if data is not None else None
