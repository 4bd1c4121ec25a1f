"""The two families of errors that a user can mend."""


class ConfigError(ValueError):
    """A setting is wrong; raised before work starts, with every problem at once."""


class DataError(ValueError):
    """A record or file is wrong; the message says where, what was expected and what was found."""
