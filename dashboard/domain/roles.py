"""Roles of people: each may do what the ones before it may."""

VIEWER, MEMBER, ADMIN = "viewer", "member", "admin"
ROLES = {
    VIEWER: "Looks at runs, new ones too",
    MEMBER: "Tracks, labels and shares runs too",
    ADMIN: "Manages people and all share links, and removes runs too",
}
_ORDER = list(ROLES)


def reaches(role: str, needed: str) -> bool:
    """Whether this role includes `needed`; an unknown role and "" include nothing."""
    return role in ROLES and _ORDER.index(role) >= _ORDER.index(needed)
