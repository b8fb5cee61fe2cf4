"""``python -m allonym``: the command ``allonym``."""

from ._cli import main

main()
