from repositories.models.activity import Like
from repositories.models.address import FormerAddress
from repositories.models.erased import ErasedObject
from repositories.models.gating import AccessConditions, AccessRequest, AccessRequestEvent
from repositories.models.inspection import Inspection
from repositories.models.owner_request import Condition, OwnerRequest
from repositories.models.release import Reader, Stage
from repositories.models.repository import PREFIX, Gating, Kind, Repository, Visibility, long_columns
from repositories.models.restriction import Restriction
from repositories.models.scan import Scan

__all__ = [
    "PREFIX",
    "AccessConditions",
    "AccessRequest",
    "AccessRequestEvent",
    "Condition",
    "ErasedObject",
    "FormerAddress",
    "Gating",
    "Inspection",
    "Kind",
    "Like",
    "OwnerRequest",
    "Reader",
    "Repository",
    "Restriction",
    "Scan",
    "Stage",
    "Visibility",
    "long_columns",
]
