"""Roles of people: each may do what the ones before it may."""

VIEWER, MEMBER, ADMIN = "viewer", "member", "admin"
ROLES = {
    VIEWER: "Can view and open runs",
    MEMBER: "Can also track, label and share runs",
    ADMIN: "Can also manage people and all share links, and remove runs",
}
_ORDER = list(ROLES)


def reaches(role: str, needed: str) -> bool:
    """Whether this role includes `needed`; an unknown role and "" include nothing."""
    return role in ROLES and _ORDER.index(role) >= _ORDER.index(needed)
