"""What can go wrong with a provider. No text of the provider's and no address with a secret is in
these errors."""

from __future__ import annotations

from bridge.errors import StewardpathError


class ProviderError(StewardpathError):
    """A provider of meetings did not do what was asked."""


class ProviderUnavailable(ProviderError):
    """Retry later. `after`: how many seconds the provider asked to wait, if it did."""

    def __init__(
        self, what: str, *, after: float | None = None, where: str = "", todo: str = ""
    ) -> None:
        super().__init__(what, where=where, todo=todo)
        self.after = after


class ProviderMisconfigured(ProviderError):
    """An address, an account or a secret in the settings is wrong."""


class ProviderRefused(ProviderError):
    """The provider rejected this meeting or this person. `missing`: it doesn't know them."""

    def __init__(
        self, what: str, *, missing: bool = False, where: str = "", todo: str = ""
    ) -> None:
        super().__init__(what, where=where, todo=todo)
        self.missing = missing
