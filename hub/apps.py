from django.apps import AppConfig
from django.urls import register_converter


class HubConfig(AppConfig):
    name = "hub"

    def ready(self) -> None:
        from hub.addresses import HubAddressConverter, RevisionConverter

        register_converter(HubAddressConverter, "hub")
        register_converter(RevisionConverter, "revision")
