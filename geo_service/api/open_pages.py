"""Pages for people and no programs, with what lies under them: what is wrong is said on a page too."""

ROOTS = ("/mijn-straat", "/login", "/account")


def has(path: str) -> bool:
    """Whether a path is one of these pages."""
    return any(path == root or path.startswith(f"{root}/") for root in ROOTS)
