"""The card of a repository: README.md with YAML front matter (A5). Pure: knows no model of ours."""

from repositories.card.front import body_of as body_of
from repositories.card.gating import FIELD_TYPES as FIELD_TYPES
from repositories.card.gating import GatedField as GatedField
from repositories.card.licenses import License as License
from repositories.card.licenses import license_of as license_of
from repositories.card.matter import read_matter as read_matter
from repositories.card.problems import CardProblem as CardProblem
from repositories.card.problems import errors_in as errors_in
from repositories.card.problems import warnings_in as warnings_in
from repositories.card.reading import NFAA_TAG as NFAA_TAG
from repositories.card.reading import Card as Card
from repositories.card.reading import read_card as read_card
from repositories.card.validation import validate_card as validate_card
