"""What a page is to the site: its view, its place in the menu, and who may open it. The table itself is app/site.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.accounts.roles import Role


@dataclass(frozen=True)
class Screen:
    """`grants` maps a permission of the view (can_list, report …) to the roles that get it when roles are first seeded;
    `public` names the methods that anybody may open. `menu` is a stable ASCII name; without it the page has no entry of
    its own and must be reached from another page."""

    view: type
    menu: str = ""
    label: Any = ""
    icon: str = ""
    category: str = ""
    grants: Mapping[str, tuple[Role, ...]] = field(default_factory=dict)
    menu_roles: tuple[Role, ...] = ()
    public: frozenset[str] = frozenset()
    menu_when: Callable[[], bool] | None = None  # hides the entry from those for whom the page has nothing
    href: str = ""  # endpoint of the entry, if not the view's default page

    @property
    def name(self) -> str:
        """The view's name in FAB's permissions."""
        return getattr(self.view, "class_permission_name", None) or self.view.__name__

    def all_grants(self) -> Iterator[tuple[str, str, Role]]:
        """(permission, view or menu, role): the grants, and the menu entry with its category for whoever may open it."""
        openers: set[Role] = set(self.menu_roles)
        for permission, roles in self.grants.items():
            for role in roles:
                yield permission, self.name, role
            if not self.menu_roles and permission.startswith("can_"):
                openers |= set(roles)
        if self.menu:
            for role in openers:
                yield "menu_access", self.menu, role
                if self.category:
                    yield "menu_access", self.category, role
