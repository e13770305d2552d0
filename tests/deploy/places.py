"""Where things lie in the repository."""

from pathlib import Path
from typing import Any

import yaml

REPOSITORY = Path(__file__).parents[2]
DEPLOY = REPOSITORY / "deploy"


def read_yaml(*path: str) -> Any:
    """A file of YAML below `deploy`."""
    return yaml.safe_load(DEPLOY.joinpath(*path).read_text())
