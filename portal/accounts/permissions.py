"""The one table of who may do what: roles and their permissions, staff endpoints and the permission that each needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

READ = "read"
WRITE = "write"
TRANSLATE = "translate"
REVIEW = "review"
PUBLISH = "publish"
SCHEDULE = "schedule"
# Drafts of the hours and sessions of services; what stands in them is reviewed as any other text.
HOURS = "hours"
REGISTER = "register"
ADMINISTER = "administer"
PERMISSIONS = frozenset({READ, WRITE, TRANSLATE, REVIEW, PUBLISH, SCHEDULE, HOURS, REGISTER, ADMINISTER})

# What is no permission of a role: pages of signing in, pages about oneself, pages that nobody opens.
ANYBODY = "anybody"
ONESELF = "oneself"
NOBODY = "nobody"
ACCESS = PERMISSIONS | {ANYBODY, ONESELF, NOBODY}

ROLES: Mapping[str, frozenset[str]] = {
    "author": frozenset({READ, WRITE, TRANSLATE, HOURS}),
    "translator": frozenset({READ, TRANSLATE}),
    "reviewer": frozenset({READ, WRITE, TRANSLATE, REVIEW, PUBLISH, HOURS}),
    "scheduler": frozenset({READ, SCHEDULE, HOURS}),
    "registrar": frozenset({READ, REGISTER}),
    "admin": PERMISSIONS,
}


def is_staff_path(path: str) -> bool:
    """Whether an address lies below `/<language>/staff`."""
    return path.split("/")[2:3] == ["staff"]


class PermissionTable:
    """Every staff endpoint with what it needs; an endpoint that is not in the table opens to nobody."""

    def __init__(self, parts: Iterable[Mapping[str, str]], *, fresh: Iterable[str] = ()) -> None:
        """Merge the features' tables; raises ValueError for an unknown permission or an endpoint named twice."""
        self._needed: dict[str, str] = {}
        for part in parts:
            for endpoint, permission in part.items():
                if permission not in ACCESS:
                    raise ValueError(f"'{endpoint}' needs '{permission}'; allowed: {', '.join(sorted(ACCESS))}.")
                if self._needed.setdefault(endpoint, permission) != permission:
                    raise ValueError(f"'{endpoint}' stands twice in the table of permissions.")
        self.fresh = frozenset(fresh)

    def needed(self, endpoint: str) -> str:
        """The permission that the endpoint needs; NOBODY when the table does not know it."""
        return self._needed.get(endpoint, NOBODY)

    def endpoints(self) -> frozenset[str]:
        """Every endpoint of the table."""
        return frozenset(self._needed)
