"""The mark ``@override`` for Qt's virtual functions, without the 20 ms that importing it costs."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import override as override
else:

    def override(method: Any) -> Any:
        """Mark a method that Qt calls; the type checker sees the real one."""
        return method
